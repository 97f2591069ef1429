using System.Globalization;
using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>guest-get-fsinfo and guest-get-disks against what util-linux, udev and QEMU itself say.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class StorageInGuestTests(DebianMachine guest)
{
    [Fact]
    public async Task Filesystems_are_those_that_findmnt_lists_and_each_has_the_disks_below_it()
    {
        await using DataMounts data = new(guest);
        await data.AddAsync("xfs");
        string mapped = await MountMappedAsync(data);
        string[] listed = await LinesAsync("findmnt --noheadings --raw --nofsroot --output=TARGET,FSTYPE --types=ext4,xfs,btrfs");
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement[] filesystems = [.. (await host.AskAsync("guest-get-fsinfo")).EnumerateArray()];

        Assert.Equal(listed.Reverse(), filesystems.Select(one => $"{Text(one, "mountpoint")} {Text(one, "type")}"));
        foreach (JsonElement filesystem in filesystems)
        {
            string mountpoint = Text(filesystem, "mountpoint");
            Assert.Equal(mountpoint == mapped ? 2 : 1, filesystem.GetProperty("disk").GetArrayLength());
            foreach (JsonElement disk in filesystem.GetProperty("disk").EnumerateArray())
            {
                await AssertDiskAsync(monitor, disk);
            }

            // Blocks, free ones, those that users may take, bytes of a block.
            long[] sizes = [.. (await guest.Shell.DoAsync($"stat --file-system --format='%b %f %a %S' {mountpoint}")).Split(' ').Select(Number)];
            Assert.Equal(sizes[0] * sizes[3], filesystem.GetProperty("total-bytes-privileged").GetInt64());
            Assert.Equal((sizes[0] - sizes[1] + sizes[2]) * sizes[3], filesystem.GetProperty("total-bytes").GetInt64());
            Assert.Equal((sizes[0] - sizes[1]) * sizes[3], filesystem.GetProperty("used-bytes").GetInt64());
        }
    }

    [Fact]
    public async Task Disks_partitions_and_what_is_made_of_them_are_those_that_lsblk_lists()
    {
        await using DataMounts data = new(guest);
        await data.DoAsync(
            $"addpart {DataMounts.DiskOf("xfs")} 1 2048 65536 && udevadm settle", $"delpart {DataMounts.DiskOf("xfs")} 1 && udevadm settle");
        await MountMappedAsync(data);
        string[] listed = await LinesAsync("lsblk --noheadings --raw --paths --output=KNAME,TYPE | sort -u");
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement[] disks = [.. (await host.AskAsync("guest-get-disks")).EnumerateArray()];

        Assert.Equal(
            listed.Select(line => line.Split(' ')).Select(words => $"{words[0]} {(words[1] == "part" ? "partition" : "whole")}"),
            disks.Select(disk => $"{Text(disk, "name")} {(disk.GetProperty("partition").GetBoolean() ? "partition" : "whole")}").Order(StringComparer.Ordinal));
        foreach (JsonElement disk in disks)
        {
            string below = await guest.Shell.DoAsync(
                $"lsblk --noheadings --raw --paths --inverse --output=KNAME {Text(disk, "name")} | tail -n +2 | sort");
            Assert.Equal(
                below.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                disk.GetProperty("dependencies").EnumerateArray().Select(one => one.GetString()).Order(StringComparer.Ordinal));
            if (disk.TryGetProperty("address", out JsonElement address))
            {
                Assert.Equal(Text(disk, "name"), Text(address, "dev"));
                await AssertDiskAsync(monitor, address);
            }
        }

        Assert.Equal("joined", Text(Assert.Single(disks, disk => disk.TryGetProperty("alias", out _)), "alias"));
    }

    /// <summary>A filesystem on two disks joined by the device mapper.</summary>
    private async Task<string> MountMappedAsync(DataMounts data)
    {
        string[] members = [DataMounts.DiskOf("ext4"), DataMounts.DiskOf("btrfs")];
        await data.DoAsync(
            $"modprobe dm_mod && printf '0 65536 linear {members[0]} 0\\n65536 65536 linear {members[1]} 0\\n' | dmsetup create joined && udevadm settle",
            "dmsetup remove joined && udevadm settle");
        await guest.Shell.DoAsync("mkfs.ext4 -q -F /dev/mapper/joined");
        return await data.MountAsync("/dev/mapper/joined", "joined");
    }

    /// <summary>The serial number is udev's, the PCI address QEMU's.</summary>
    private async Task AssertDiskAsync(MachineMonitor monitor, JsonElement disk)
    {
        string serial = (await guest.Shell.DoAsync($"udevadm info --query=property --property=ID_SERIAL --value {Text(disk, "dev")}")).Trim();
        Assert.Equal(serial, Text(disk, "serial"));
        bool onNvme = Text(disk, "dev").StartsWith("/dev/nvme", StringComparison.Ordinal);
        Assert.Equal(onNvme ? "nvme" : "virtio", Text(disk, "bus-type"));

        // A virtio disk has its name in QEMU as serial number; on NVMe the controller is what sits on the bus.
        string device = "/machine/peripheral/nvme";
        if (!onNvme)
        {
            JsonElement drives = await monitor.AskAsync("query-block");
            JsonElement drive = Assert.Single(drives.EnumerateArray(), one => one.GetProperty("device").ValueEquals(serial));
            device = Text(drive, "qdev").Replace("/virtio-backend", "", StringComparison.Ordinal);
        }

        int slotAndFunction = (await monitor.AskAsync("qom-get", new { path = device, property = "addr" })).GetInt32();
        JsonElement controller = disk.GetProperty("pci-controller");
        Assert.Equal(
            (0, 0, slotAndFunction >> 3, slotAndFunction & 7),
            (Part("domain"), Part("bus"), Part("slot"), Part("function")));

        int Part(string name) => controller.GetProperty(name).GetInt32();
    }

    private async Task<string[]> LinesAsync(string command) =>
        (await guest.Shell.DoAsync(command)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(JsonElement from, string member) => from.GetProperty(member).GetString()!;

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
