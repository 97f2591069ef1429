using System.Runtime.Versioning;
using System.Text;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Block devices from sysfs: <c>dev/block/MAJOR:MINOR</c> is a link to the device's directory, <c>slaves</c> in there has a link to each
/// member. Source: Documentation/ABI/stable/sysfs-block of the kernel.
/// </summary>
/// <param name="sysfs">Where sysfs is mounted.</param>
/// <param name="udevDirectory">Where udev keeps its database.</param>
[SupportedOSPlatform("linux")]
internal sealed class SysfsBlockDevices(string sysfs, string udevDirectory) : IBlockDevices
{
    /// <inheritdoc/>
    public string? Find(uint major, uint minor) => PseudoFile.TryResolveLink($"{sysfs}/dev/block/{major}:{minor}");

    /// <inheritdoc/>
    public BlockDevice Read(string sysfsPath) => BlockDevice.Read(sysfsPath, udevDirectory);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListMembers(string sysfsPath)
    {
        string path = sysfsPath + "/slaves";
        List<string> members = [];
        using PseudoDirectory? directory = PseudoDirectory.TryOpen(path, out _);
        while (directory is not null && directory.TryReadName(out ReadOnlySpan<byte> name))
        {
            if (PseudoFile.TryResolveLink($"{path}/{Encoding.UTF8.GetString(name)}") is string member)
            {
                members.Add(member);
            }
        }

        return members;
    }

    /// <inheritdoc/>
    public GuestDiskAddress? FindAddress(BlockDevice disk) => DiskAddress.Describe(disk);
}
