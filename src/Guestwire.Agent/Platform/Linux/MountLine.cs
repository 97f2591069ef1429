namespace Guestwire.Agent.Platform.Linux;

/// <summary>A line of a table of mounts, its fields as they stand there: most lines of a table are of no interest, and cost no text.</summary>
internal readonly ref struct MountLine(
    uint major, uint minor, ReadOnlySpan<byte> mountpoint, ReadOnlySpan<byte> type, ReadOnlySpan<byte> source, uint id)
{
    /// <summary>Major number of the device.</summary>
    internal uint Major { get; } = major;

    /// <summary>Minor number of the device, or <see cref="MountText.UnknownMinor"/>.</summary>
    internal uint Minor { get; } = minor;

    /// <summary>The directory where it is mounted, with its escapes.</summary>
    internal ReadOnlySpan<byte> Mountpoint { get; } = mountpoint;

    /// <summary>The kind of filesystem, with its escapes.</summary>
    internal ReadOnlySpan<byte> FilesystemType { get; } = type;

    /// <summary>What is mounted, with its escapes.</summary>
    internal ReadOnlySpan<byte> Source { get; } = source;

    /// <summary>
    /// Whether the kernel serves it alone, so that it answers whatever becomes of other machines and of programs. Its figures and the way through
    /// it are in memory; at worst a disk is asked once (vfat counts its free clusters). A kind that is not listed is one of the others.
    /// </summary>
    internal bool IsServedByKernel =>
        Is("ext4"u8) || Is("xfs"u8) || Is("btrfs"u8) || Is("tmpfs"u8) || Is("vfat"u8) || Is("devtmpfs"u8) || Is("ext3"u8) || Is("ext2"u8)
        || Is("exfat"u8) || Is("f2fs"u8) || Is("squashfs"u8) || Is("erofs"u8) || Is("iso9660"u8) || Is("rootfs"u8);

    /// <summary>The mount, its escapes undone.</summary>
    internal Mount ToMount() =>
        new(Major, Minor, MountText.Decode(Mountpoint), MountText.Decode(FilesystemType), MountText.Decode(Source), Id);

    private uint Id { get; } = id;

    private bool Is(ReadOnlySpan<byte> type) => FilesystemType.SequenceEqual(type);
}
