using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class StorageFactsTests : IDisposable
{
    private const string Pci = "sys/devices/pci0000:00/";
    private const string Ahci = Pci + "0000:00:1f.2";
    private const string AhciDisk = Ahci + "/ata3/host2/target2:0:0/2:0:0:0/block/sda";
    private const string VirtioDisk = Pci + "0000:00:02.0/0000:01:00.0/virtio1/block/vda";

    private readonly FileTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("0000:00:1f.2/ata3/host2/target2:0:0/2:0:0:0", "ahci", GuestDiskBusType.Sata, 0, 0, 1)]
    [InlineData("0000:00:1f.2/ata3/host2/target2:0:1/2:0:1:0", "ata_piix", GuestDiskBusType.Ide, 1, 0, 1)]
    [InlineData("0000:00:1f.2/host2/target2:0:4/2:0:4:0", "sym53c8xx", GuestDiskBusType.Scsi, 0, 0, 4)]
    [InlineData("0000:00:1f.2/virtio2/host4/target4:0:1/4:0:1:3", "virtio-pci", GuestDiskBusType.Scsi, 0, 0, 3)]
    [InlineData("0000:00:1f.2/virtio2", "virtio-pci", GuestDiskBusType.Virtio, 0, 0, 0)]
    [InlineData("0000:00:1f.2/nvme/nvme0", "nvme", GuestDiskBusType.Nvme, 0, 0, 0)]
    [InlineData("0000:00:1f.2/usb2/2-1/2-1:1.0/host9/target9:0:0/9:0:0:0", "xhci_hcd", GuestDiskBusType.Usb, 0, 0, 0)]
    [InlineData("0000:00:1f.2/usb2/2-1/2-1:1.0/host9/target9:0:0/9:0:0:0", "ehci-pci", GuestDiskBusType.Usb, 0, 0, 0)]
    [InlineData("0000:00:1f.2/odd", "ahci", GuestDiskBusType.Unknown, 0, 0, 0)]
    public void The_driver_of_the_controller_tells_the_bus(string path, string driver, GuestDiskBusType bus, long number, long target, long unit)
    {
        _tree.Link(Ahci + "/driver", "sys/bus/pci/drivers/" + driver).Folder(Ahci + "/ata1").Folder(Ahci + "/ata10").Folder(Ahci + "/ata_other");
        AddDisk(Pci + path + "/block/disk", "8:0");

        GuestDiskAddress? address = Assert.Single(Storage().ListDisks()).Address;

        Assert.Equal((bus, number, target, unit), (address!.BusType, address.Bus, address.Target, address.Unit));
        Assert.Equal(new GuestPCIAddress { Domain = 0, Bus = 0, Slot = 31, Function = 2 }, address.PciController);
    }

    [Theory]
    [InlineData("platform/a000.virtio_mmio/virtio0/block/vdb", GuestDiskBusType.Virtio, 0, 0, 0)]
    [InlineData("platform/a001.virtio_mmio/virtio4/host12/target12:1:2/12:1:2:5/block/sdi", GuestDiskBusType.Scsi, 1, 2, 5)]
    [InlineData("platform/mmc_host/mmc0/mmc0:0001/block/mmcblk0", GuestDiskBusType.Unknown, 0, 0, 0)]
    [InlineData("pci0000:00/0000:00:09.0/host6/target6:2:0/6:2:0:0/block/sdf", GuestDiskBusType.Unknown, 0, 0, 0)]
    public void Without_a_known_controller_there_is_no_PCI_address(string path, GuestDiskBusType bus, long number, long target, long unit)
    {
        AddDisk("sys/devices/" + path, "8:0");

        GuestDiskAddress? address = Assert.Single(Storage().ListDisks()).Address;

        Assert.Equal((bus, number, target, unit), (address!.BusType, address.Bus, address.Target, address.Unit));
        Assert.Equal(new GuestPCIAddress { Domain = -1, Bus = -1, Slot = -1, Function = -1 }, address.PciController);
        Assert.Null(address.CcwAddress);
    }

    [Fact]
    public void A_disk_of_a_mainframe_has_its_channel_address()
    {
        AddDisk("sys/devices/css0/0.2.0006/0.2.abcd/virtio5/host13/target13:0:7/13:0:7:9/block/sdj", "8:144");

        GuestDiskAddress? address = Assert.Single(Storage().ListDisks()).Address;

        Assert.Equal(new GuestCCWAddress { Cssid = 0, Ssid = 2, Subchno = 6, Devno = 0xabcd }, address!.CcwAddress);
        Assert.Equal((GuestDiskBusType.Scsi, 7L, 9L), (address.BusType, address.Target, address.Unit));
    }

    [Fact]
    public void Disks_come_in_reverse_with_their_partitions_before_them()
    {
        AddDisk(AhciDisk, "8:0", "E:ID_SERIAL=QEMU_1\n");
        AddPartition(AhciDisk + "/sda1", "8:1");
        _tree.Folder(AhciDisk + "/sda_is_no_partition");

        IReadOnlyList<GuestDiskInfo> disks = Storage().ListDisks();

        Assert.Equal(["/dev/sda1", "/dev/sda"], disks.Select(disk => disk.Name));
        Assert.True(disks[0].Partition);
        Assert.Equal(["/dev/sda"], disks[0].Dependencies!);
        Assert.Null(disks[0].Address);
        Assert.False(disks[1].Partition);
        Assert.Empty(disks[1].Dependencies!);
        Assert.Equal(("QEMU_1", "/dev/sda"), (disks[1].Address!.Serial, disks[1].Address!.Dev));
    }

    [Fact]
    public void A_volume_names_its_members_and_its_alias_but_no_address()
    {
        AddDisk(AhciDisk, "8:0");
        AddDisk("sys/devices/virtual/block/dm-0", "252:0", "S:mapper/x\nE:DM_NAME=vg-root\n");
        _tree.Link("sys/devices/virtual/block/dm-0/slaves/sda", AhciDisk);

        GuestDiskInfo volume = Assert.Single(Storage().ListDisks(), disk => disk.Name == "/dev/dm-0");

        Assert.Equal(["/dev/sda"], volume.Dependencies!);
        Assert.Equal("vg-root", volume.Alias);
        Assert.Null(volume.Address);
    }

    [Fact]
    public void Disks_without_a_medium_or_a_node_are_left_out()
    {
        AddDisk("sys/devices/virtual/block/loop0", "7:0", size: "0");
        AddDisk("sys/devices/virtual/block/nameless", "9:0");
        File.WriteAllText(_tree.Root + "/sys/devices/virtual/block/nameless/uevent", "MAJOR=9\nMINOR=0\n");
        _tree.Link("sys/block/dangling", "sys/devices/nowhere");

        Assert.Empty(Storage().ListDisks());
    }

    [Fact]
    public void Without_the_directory_the_error_names_it()
    {
        QapiException error = Assert.Throws<QapiException>(() => Storage().ListDisks());
        Assert.Equal($"Can't open directory \"{_tree.Root}/sys/block\": No such file or directory", error.Message);
    }

    [Fact]
    public void Filesystems_come_last_mounted_first_with_the_disks_below_them()
    {
        _tree.Link(Pci + "0000:00:02.0/driver", "sys/bus/pci/drivers/pcieport")
            .Link(Pci + "0000:00:02.0/0000:01:00.0/driver", "sys/bus/pci/drivers/virtio-pci");
        AddDisk(AhciDisk, "8:0");
        AddDisk(VirtioDisk, "254:0");
        AddDisk("sys/devices/virtual/block/dm-0", "252:0");
        AddDisk("sys/devices/virtual/block/dm-1", "252:1");
        _tree.Link("sys/devices/virtual/block/dm-1/slaves/dm-0", "sys/devices/virtual/block/dm-0")
            .Link("sys/devices/virtual/block/dm-0/slaves/vda", VirtioDisk);

        IReadOnlyList<GuestFilesystemInfo> filesystems = Storage(
            new Mount(252, 1, "/", "ext4", "/dev/mapper/root"), new Mount(99, 9, "/no-such-directory", "xfs", "/dev/x")).ListFilesystems();

        Assert.Equal(["99:9", "dm-1"], filesystems.Select(filesystem => filesystem.Name));
        Assert.Empty(filesystems[0].Disk);
        Assert.Null(filesystems[0].TotalBytes);
        Assert.True(filesystems[1].UsedBytes <= filesystems[1].TotalBytes && filesystems[1].TotalBytes <= filesystems[1].TotalBytesPrivileged);
        GuestDiskAddress address = Assert.Single(filesystems[1].Disk);
        Assert.Equal(("/dev/vda", GuestDiskBusType.Virtio), (address.Dev, address.BusType));
        Assert.Equal(new GuestPCIAddress { Domain = 0, Bus = 1, Slot = 0, Function = 0 }, address.PciController);
    }

    [Fact]
    public void A_thousand_mounts_read_the_facts_of_each_device_once()
    {
        CountedBlockDevices devices = new();
        Mount[] mounts = [.. Enumerable.Range(0, 1000).Select(i => new Mount(252, (uint)i, $"/no-such-directory/{i}", "ext4", "x"))];

        IReadOnlyList<GuestFilesystemInfo> filesystems = new StorageFacts(new FixedMounts(mounts), devices).ListFilesystems();

        Assert.Equal(1000, filesystems.Count);
        Assert.All(filesystems, filesystem => Assert.Equal(["/dev/b", "/dev/a"], filesystem.Disk.Select(disk => disk.Dev)));
        Assert.Equal(1002, devices.Asked.Count(asked => asked.StartsWith("read", StringComparison.Ordinal)));
        Assert.Equal(devices.Asked.Distinct(), devices.Asked);
    }

    [Fact]
    public void A_filesystem_that_may_hang_has_its_figures_too()
    {
        Assert.NotNull(Assert.Single(Storage(new Mount(252, 0, "/", "fuseblk", "x", MayHang: true)).ListFilesystems()).UsedBytes);
    }

    [Fact]
    public void Volumes_that_hold_each_other_end_the_search()
    {
        AddDisk("sys/devices/virtual/block/dm-0", "252:0");
        _tree.Link("sys/devices/virtual/block/dm-0/slaves/dm-0", "sys/devices/virtual/block/dm-0");

        Assert.Empty(Assert.Single(Storage(new Mount(252, 0, "/", "ext4", "x")).ListFilesystems()).Disk);
    }

    private StorageFacts Storage(params Mount[] mounts) =>
        new(new FixedMounts(mounts), _tree.Root + "/sys", _tree.Root + "/proc", _tree.Root + "/udev");

    private void AddDisk(string path, string number, string? udev = null, string size = "1000")
    {
        AddDevice(path, number, udev);
        _tree.File(path + "/size", size + "\n").Link("sys/block/" + Path.GetFileName(path), path);
    }

    private void AddPartition(string path, string number)
    {
        AddDevice(path, number, udev: null);
        _tree.File(path + "/partition", "1\n");
    }

    private void AddDevice(string path, string number, string? udev)
    {
        string[] numbers = number.Split(':');
        _tree.File(path + "/uevent", $"MAJOR={numbers[0]}\nMINOR={numbers[1]}\nDEVNAME={Path.GetFileName(path)}\nDEVTYPE=disk\n")
            .Link("sys/dev/block/" + number, path);
        if (udev is not null)
        {
            _tree.File("udev/b" + number, udev);
        }
    }
}
