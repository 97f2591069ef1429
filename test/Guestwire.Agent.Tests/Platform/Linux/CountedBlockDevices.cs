using System.Globalization;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

/// <summary>As many volumes as are asked for, all on the same two disks; notes what it is asked.</summary>
internal sealed class CountedBlockDevices : IBlockDevices
{
    private const string Volumes = "/sys/devices/virtual/block/";
    private const string Disks = "/sys/devices/pci0000:00/block/";

    /// <summary>What it was asked, in order.</summary>
    internal List<string> Asked { get; } = [];

    public string? Find(uint major, uint minor)
    {
        Asked.Add(string.Create(CultureInfo.InvariantCulture, $"find {major}:{minor}"));
        return Volumes + minor.ToString(CultureInfo.InvariantCulture);
    }

    public BlockDevice Read(string sysfsPath)
    {
        Asked.Add("read " + sysfsPath);
        return new BlockDevice(sysfsPath, "/dev/" + Path.GetFileName(sysfsPath), null, null);
    }

    public IReadOnlyList<string> ListMembers(string sysfsPath)
    {
        Asked.Add("list " + sysfsPath);
        return [Disks + "a", Disks + "b"];
    }

    public GuestDiskAddress? FindAddress(BlockDevice disk)
    {
        Asked.Add("find " + disk.SysfsPath);
        return new GuestDiskAddress
        {
            PciController = new GuestPCIAddress { Domain = 0, Bus = 0, Slot = 0, Function = 0 },
            BusType = GuestDiskBusType.Virtio,
            Bus = 0,
            Target = 0,
            Unit = 0,
            Dev = disk.Node,
        };
    }
}
