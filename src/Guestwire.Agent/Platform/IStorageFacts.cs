using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>What the system knows of its disks and of the filesystems on them.</summary>
internal interface IStorageFacts
{
    /// <summary>The mounted filesystems that have a local disk below them, the last mounted first. May block on a sick disk.</summary>
    /// <exception cref="QapiException">They could not be listed.</exception>
    IReadOnlyList<GuestFilesystemInfo> ListFilesystems();

    /// <summary>The disks and their partitions, the last found first. May block on a sick disk.</summary>
    /// <exception cref="QapiException">They could not be listed.</exception>
    IReadOnlyList<GuestDiskInfo> ListDisks();

    /// <summary>The counters of every block device, in the system's order.</summary>
    /// <exception cref="QapiException">They could not be read.</exception>
    IReadOnlyList<GuestDiskStatsInfo> ReadDiskCounters();
}
