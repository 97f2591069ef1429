namespace Guestwire.Agent.Platform;

/// <summary>A mounted filesystem.</summary>
/// <param name="Major">Major number of its device.</param>
/// <param name="Minor">Minor number of its device.</param>
/// <param name="Mountpoint">The directory where it is mounted.</param>
/// <param name="FilesystemType">Its kind, <c>ext4</c>.</param>
/// <param name="Source">What is mounted, usually a device node.</param>
/// <param name="Id">The kernel's number for this mount; 0 when it is not known.</param>
/// <param name="MayHang">
/// Whether to look at it may take for ever: a program or another machine serves it, or what lies on the way to its mountpoint. Only
/// <see cref="IMountTable.Read"/> finds out.
/// </param>
internal readonly record struct Mount(uint Major, uint Minor, string Mountpoint, string FilesystemType, string Source, uint Id = 0, bool MayHang = false);
