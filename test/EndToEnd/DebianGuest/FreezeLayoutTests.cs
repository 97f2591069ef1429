using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>A freeze of mounts that share, cover or carry one another.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class FreezeLayoutTests(DebianMachine guest)
{
    [Fact]
    public async Task Bind_mounts_and_subvolumes_count_once_and_a_filesystem_in_a_file_freezes_with_the_one_that_holds_it()
    {
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        string btrfs = await data.AddAsync("btrfs");
        string bind = await data.MountAsync("--bind " + ext4, "bind");
        await guest.Shell.DoAsync($"btrfs -q subvolume create {btrfs}/one >/dev/null");
        string subvolume = await data.MountAsync("-o subvol=one " + DataMounts.DiskOf("btrfs"), "subvolume");
        await guest.Shell.DoAsync($"truncate -s 64M {ext4}/file && mkfs.ext4 -q -F {ext4}/file");
        string inFile = await data.MountAsync($"-o loop {ext4}/file", "in-file");
        await guest.Shell.DoAsync($"dd if=/dev/urandom of={inFile}/dirty bs=1M count=8 2>/dev/null");
        string[] directories = ["/root", ext4, bind, btrfs, subvolume, inFile];

        await AssertAllFreezeAndThawAsync(await data.CountFreezableAsync(), directories);
    }

    [Fact]
    public async Task The_plan_can_be_had_beforehand_and_changes_nothing()
    {
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        string bind = await data.MountAsync("--bind " + ext4, "bind");
        await guest.Shell.DoAsync($"truncate -s 64M {ext4}/file && mkfs.ext4 -q -F {ext4}/file");
        string inFile = await data.MountAsync($"-o loop {ext4}/file", "in-file");

        string[] plan = (await guest.Shell.DoAsync("guestwire-agent --freeze-plan")).Split('\n');

        string[] frozen = [.. plan.Where(line => line.Length > 0 && char.IsAsciiDigit(line[0]))];
        Assert.Equal(await data.CountFreezableAsync(), frozen.Length);
        Assert.Matches($"^1\\. {inFile}: ext4 on /dev/loop[0-9]+$", frozen[0]);
        Assert.Matches($"^2\\. {ext4}: ext4 on /dev/vd[a-z], also at {bind}$", frozen[1]);
        Assert.Contains("left out: /proc: proc is not on a local block device", plan);
        await guest.AssertWritableAsync("/root", ext4, inFile);
    }

    [Fact]
    public async Task A_bind_mount_stands_for_its_filesystem()
    {
        await using DataMounts data = new(guest);
        string xfs = await data.AddAsync("xfs");
        await guest.Shell.DoAsync($"mkdir {xfs}/inner");
        string bind = await data.MountAsync($"--bind {xfs}/inner", "bind");
        await using AgentConversation host = await guest.ConnectAsync();

        Assert.Equal(1, (await host.AskAsync("guest-fsfreeze-freeze-list", new { mountpoints = (string[])[bind] })).GetInt32());
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, xfs);
        await writer.WaitUntilBlockedAsync();

        Assert.Equal(1, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());
        await writer.FinishAsync();
    }

    [Fact]
    public async Task A_mapped_device_freezes_and_a_read_only_mount_counts_too()
    {
        await using DataMounts data = new(guest);
        string disk = DataMounts.DiskOf("ext4");
        await data.DoAsync(
            $"modprobe dm_mod && echo \"0 $(blockdev --getsz {disk}) linear {disk} 0\" | dmsetup create mapped", "dmsetup remove mapped");
        await guest.Shell.DoAsync("mkfs.ext4 -q -F /dev/mapper/mapped");
        string mapped = await data.MountAsync("/dev/mapper/mapped", "mapped");
        string xfs = await data.AddAsync("xfs");
        await data.DoAsync($"mount -o remount,ro {xfs}", $"mount -o remount,rw {xfs}");

        await AssertAllFreezeAndThawAsync(await data.CountFreezableAsync(), mapped, "/root");
        await guest.Shell.DoAsync($"mount -o remount,rw {xfs}");
        await guest.AssertWritableAsync(xfs);
    }

    [Fact]
    public async Task A_filesystem_that_cannot_freeze_is_passed_over_and_listed_all_the_same()
    {
        // FAT12 by hand: sectors of 512 bytes, one a cluster, one boot sector, one table of four sectors, 16 names in the
        // root directory, 1024 sectors in all.
        await using DataMounts data = new(guest);
        await data.DoAsync(
            "truncate -s 512K /run/fat && printf '\\353\\074\\220mkdosfs\\000\\000\\002\\001\\001\\000\\001\\020\\000\\000\\004\\370\\004\\000' | dd of=/run/fat conv=notrunc 2>/dev/null"
                + " && printf '\\370\\377\\377' | dd of=/run/fat bs=512 seek=1 conv=notrunc 2>/dev/null",
            "rm /run/fat");
        string fat = await data.MountAsync("-t vfat -o loop /run/fat", "fat");
        int count = await data.CountFreezableAsync();
        await using AgentConversation host = await guest.ConnectAsync();

        Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-freeze")).GetInt32());
        await guest.AssertWritableAsync(fat);
        Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());

        JsonElement filesystems = await host.AskAsync("guest-get-fsinfo");
        Assert.Single(
            filesystems.EnumerateArray(),
            one => one.GetProperty("mountpoint").ValueEquals(fat) && one.GetProperty("type").ValueEquals("vfat"));
    }

    [Fact]
    public async Task What_is_covered_at_one_place_freezes_by_another_and_what_covers_it_freezes_too()
    {
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        string btrfs = await data.AddAsync("btrfs");
        string ext4Again = await data.MountAsync(DataMounts.DiskOf("ext4"), "ext4-again");
        string btrfsAgain = await data.MountAsync(DataMounts.DiskOf("btrfs"), "btrfs-again");
        await data.MountAsync("-t tmpfs cover", "ext4");
        await guest.Shell.DoAsync($"mkfs.xfs -q -f {DataMounts.DiskOf("xfs")}");
        await data.MountAsync(DataMounts.DiskOf("xfs"), "btrfs");

        // tmpfs covers the one, xfs the other.
        await AssertAllFreezeAndThawAsync(await data.CountFreezableAsync(), btrfs, ext4Again, btrfsAgain);
        await guest.AssertWritableAsync(ext4);
    }

    /// <summary>All freeze, in each of the directories a writer waits until they thaw, and the counts are right.</summary>
    private async Task AssertAllFreezeAndThawAsync(int count, params string[] directories)
    {
        await using AgentConversation host = await guest.ConnectAsync();
        Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-freeze")).GetInt32());
        List<LateWriter> writers = [];
        foreach (string directory in directories)
        {
            writers.Add(await LateWriter.StartAsync(guest.Shell, directory));
            await writers[^1].WaitUntilBlockedAsync();
        }

        Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());
        foreach (LateWriter writer in writers)
        {
            await writer.FinishAsync();
        }
    }
}
