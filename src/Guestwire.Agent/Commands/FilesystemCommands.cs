using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-fstrim, guest-get-disks, guest-get-fsinfo, guest-get-diskstats: disks and what is on them.</summary>
/// <param name="storage">What the system knows of its disks and filesystems.</param>
internal sealed class FilesystemCommands(IStorageFacts storage) : IFilesystemCommands
{
    /// <inheritdoc/>
    public GuestFilesystemTrimResponse GuestFstrim(GuestFstrimArguments arguments) => throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public IReadOnlyList<GuestDiskInfo> GuestGetDisks() => storage.ListDisks();

    /// <inheritdoc/>
    public IReadOnlyList<GuestFilesystemInfo> GuestGetFsinfo() => storage.ListFilesystems();

    /// <inheritdoc/>
    public IReadOnlyList<GuestDiskStatsInfo> GuestGetDiskstats() => storage.ReadDiskCounters();
}
