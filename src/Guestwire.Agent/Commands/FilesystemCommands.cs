using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-fstrim, guest-get-disks, guest-get-fsinfo, guest-get-diskstats: disks and what is on them.</summary>
/// <param name="storage">What the system knows of its disks and filesystems.</param>
/// <param name="trimmer">Gives unused blocks back.</param>
/// <param name="log">Learns that a host had the filesystems trimmed.</param>
internal sealed class FilesystemCommands(IStorageFacts storage, IFilesystemTrimmer trimmer, IAgentLog log) : IFilesystemCommands
{
    /// <inheritdoc/>
    public GuestFilesystemTrimResponse GuestFstrim(GuestFstrimArguments arguments)
    {
        log.Account("guest-fstrim called");

        // A negative number is a very large one to the kernel, which refuses it for each filesystem.
        return new GuestFilesystemTrimResponse { Paths = trimmer.TrimAll(unchecked((ulong)(arguments.Minimum ?? 0))) };
    }

    /// <inheritdoc/>
    public IReadOnlyList<GuestDiskInfo> GuestGetDisks() => storage.ListDisks();

    /// <inheritdoc/>
    public IReadOnlyList<GuestFilesystemInfo> GuestGetFsinfo() => storage.ListFilesystems();

    /// <inheritdoc/>
    public IReadOnlyList<GuestDiskStatsInfo> GuestGetDiskstats() => storage.ReadDiskCounters();
}
