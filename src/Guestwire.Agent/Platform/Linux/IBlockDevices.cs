using System.Runtime.Versioning;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>What the kernel and udev know of block devices.</summary>
[SupportedOSPlatform("linux")]
internal interface IBlockDevices
{
    /// <summary>The directory of a device in sysfs, without links; null when it cannot be seen, as in a container.</summary>
    string? Find(uint major, uint minor);

    /// <summary>Looks at the device in a directory of sysfs.</summary>
    BlockDevice Read(string sysfsPath);

    /// <summary>The directories of the devices that a volume or an array is made of; none for a disk.</summary>
    IReadOnlyList<string> ListMembers(string sysfsPath);

    /// <summary>Where a disk is attached; null when nothing is known, not even a name.</summary>
    GuestDiskAddress? FindAddress(BlockDevice disk);
}
