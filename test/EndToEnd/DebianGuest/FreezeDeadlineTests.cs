using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>A freeze of a filesystem whose disk does not answer. The kernel cannot be made to come back from it.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class FreezeDeadlineTests(DebianMachine guest)
{
    private const string Freeze = "{\"execute\":\"guest-fsfreeze-freeze\"}";
    private const string Marker = "/run/qga.state.isfrozen";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task It_fails_in_time_and_names_the_mount_the_others_thaw_and_the_late_one_thaws_when_its_disk_is_back()
    {
        await using DataMounts data = new(guest);
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[freeze]'", "filesystem-timeout=2");
        await using StallingDisk disk = await StallingDisk.AddAsync(guest, data);

        // They freeze before it; the root filesystem would after it.
        string xfs = await data.AddAsync("xfs");
        string btrfs = await data.AddAsync("btrfs");
        int count = await data.CountFreezableAsync();
        await disk.SuspendAsync();
        await using AgentConversation host = await guest.ConnectAsync();

        TimeSpan before = await guest.Shell.ReadClockAsync();
        Task<string> reply = host.AskLineAsync(Freeze);
        await WaitUntilHangingAsync();
        Func<Task<TimeSpan>> written = await guest.Shell.StartTimedWriterAsync(xfs);

        Assert.Equal(
            $"{{\"error\": {{\"class\": \"GenericError\", \"desc\": \"failed to freeze {disk.Mountpoint}: it was not done within 2 seconds (filesystem-timeout)\"}}}}",
            await reply);

        // Its disk has not answered yet, so it is the limit that ended it; and not before its time.
        Assert.Equal("hanging\n", await ReadHangingAsync());
        TimeSpan thawed = await written();
        Assert.True(thawed >= before + s_limit, $"thawed after {thawed - before}");
        await guest.AssertWritableAsync(xfs, btrfs, "/root");

        // The agent is as useful as ever, but for what would hang.
        await host.AskAsync("guest-ping");
        await host.AskAsync("guest-get-fsinfo");
        Assert.Equal("thawed", (await host.AskAsync("guest-fsfreeze-status")).GetString());
        Assert.Equal($"cannot freeze: the freeze of {disk.Mountpoint} has not come back from the kernel yet", ErrorOf(await host.AskLineAsync(Freeze)));
        Assert.Equal(
            $"not everything is thawed: the freeze of {disk.Mountpoint} has not come back from the kernel yet",
            ErrorOf(await host.AskLineAsync("{\"execute\":\"guest-fsfreeze-thaw\"}")));
        LateWriter late = await LateWriter.StartAsync(guest.Shell, disk.Mountpoint);
        await late.WaitUntilBlockedAsync();
        await guest.Shell.DoAsync($"[ -e {Marker} ]");

        await disk.ResumeAsync();

        await late.FinishAsync();
        await guest.Shell.DoAsync($"while [ -e {Marker} ]; do sleep 0.1; done");
        Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-freeze")).GetInt32());
        Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());
    }

    [Fact]
    public async Task While_it_hangs_a_host_that_gave_up_is_answered()
    {
        await using DataMounts data = new(guest);
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[freeze]'", "freeze-timeout=20");
        await using StallingDisk disk = await StallingDisk.AddAsync(guest, data);
        await disk.SuspendAsync();
        await using (AgentConversation host = await guest.ConnectAsync())
        {
            await host.SendAsync(Freeze + "\n");
            await WaitUntilHangingAsync();
        }

        await using AgentConversation next = await guest.ConnectAsync();
        await next.AskAsync("guest-ping");
        Assert.Equal("hanging\n", await ReadHangingAsync());

        // It waits for the end of the freeze, which nobody else has heard of.
        Assert.Equal("thawed", (await next.AskAsync("guest-fsfreeze-status")).GetString());
        await guest.AssertWritableAsync("/root");
        await disk.ResumeAsync();
        await guest.AssertWritableAsync(disk.Mountpoint);
        await guest.Shell.DoAsync($"while [ -e {Marker} ]; do sleep 0.1; done");
    }

    [Fact]
    public async Task Killed_with_one_late_its_successor_thaws_what_nobody_holds_any_more()
    {
        await using DataMounts data = new(guest);
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[freeze]'", "filesystem-timeout=1");
        await using StallingDisk disk = await StallingDisk.AddAsync(guest, data);
        await disk.SuspendAsync();
        await using (AgentConversation host = await guest.ConnectAsync())
        {
            Assert.StartsWith("failed to freeze " + disk.Mountpoint, ErrorOf(await host.AskLineAsync(Freeze)), StringComparison.Ordinal);
        }

        LateWriter late = await LateWriter.StartAsync(guest.Shell, disk.Mountpoint);
        await late.WaitUntilBlockedAsync();
        string killed = await guest.ReadServiceAsync("MainPID");
        await guest.Shell.DoAsync($"kill -9 {killed}; [ -e {Marker} ]");

        await disk.ResumeAsync();

        await late.FinishAsync();
        await guest.WaitForAgentAsync();
        Assert.NotEqual(killed, await guest.ReadServiceAsync("MainPID"));
        await guest.Shell.DoAsync($"while [ -e {Marker} ]; do sleep 0.1; done");
    }

    [Fact]
    public async Task What_programs_serve_that_do_not_answer_is_not_touched_and_nobody_waits_for_it()
    {
        await using DataMounts data = new(guest);
        string xfs = await data.AddAsync("xfs");
        string onDisk = await ServeAsync(data, "fuseblk", DataMounts.DiskOf("ext4"), "served");
        string elsewhere = await ServeAsync(data, "fuse", "nowhere", "far");
        int count = await data.CountFreezableAsync();
        string[] calls;
        await using (ServiceTrace trace = await ServiceTrace.StartAsync(guest, "%file,statfs,ioctl"))
        {
            await using AgentConversation host = await guest.ConnectAsync();
            Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-freeze")).GetInt32());
            Assert.Equal("frozen", (await host.AskAsync("guest-fsfreeze-status")).GetString());
            Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());
            calls = await trace.StopAsync();
        }

        Assert.Contains(calls, call => call.Contains(xfs, StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.Contains(onDisk, StringComparison.Ordinal) || call.Contains(elsewhere, StringComparison.Ordinal));
        Assert.Contains(
            $"left out: {onDisk}: fuseblk is served by a program and cannot freeze",
            (await guest.Shell.DoAsync("guestwire-agent --freeze-plan")).Split('\n'));

        await using AgentConversation asking = await guest.ConnectAsync();
        JsonElement[] filesystems = [.. (await asking.AskAsync("guest-get-fsinfo")).EnumerateArray()];
        Assert.False(Of(onDisk).TryGetProperty("total-bytes", out _));
        Assert.True(Of(xfs).TryGetProperty("total-bytes", out _));
        Assert.DoesNotContain(filesystems, filesystem => filesystem.GetProperty("mountpoint").GetString() == elsewhere);

        // The thread that asked still waits, in statfs(2), which is number 137; another question does not add one.
        await asking.AskAsync("guest-get-fsinfo");
        string inStatfs = $"cat /proc/{await guest.ReadServiceAsync("MainPID")}/task/*/syscall 2>/dev/null | grep -c '^137 '";
        await guest.Shell.DoAsync($"until [ $({inStatfs}) = 1 ]; do sleep 0.1; done");

        JsonElement Of(string mountpoint) => filesystems.Single(filesystem => filesystem.GetProperty("mountpoint").GetString() == mountpoint);
    }

    [Fact]
    public async Task What_is_excluded_is_written_to_while_the_rest_is_frozen()
    {
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        string xfs = await data.AddAsync("xfs");
        string btrfs = await data.AddAsync("btrfs");
        int count = await data.CountFreezableAsync();
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[freeze]'", $"exclude=btrfs,{xfs}");
        await using AgentConversation host = await guest.ConnectAsync();

        Assert.Equal(0, (await host.AskAsync("guest-fsfreeze-freeze-list", new { mountpoints = (string[])[xfs] })).GetInt32());
        Assert.Equal(count - 2, (await host.AskAsync("guest-fsfreeze-freeze")).GetInt32());
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, ext4);
        await writer.WaitUntilBlockedAsync();
        await guest.AssertWritableAsync(xfs, btrfs);
        await writer.AssertBlockedAsync();
        Assert.Equal(count - 2, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());
        await writer.FinishAsync();

        string[] plan = (await guest.Shell.DoAsync("guestwire-agent --freeze-plan")).Split('\n');
        Assert.Contains($"left out: {xfs}: excluded by 'exclude' of the configuration", plan);
        Assert.Contains($"left out: {btrfs}: excluded by 'exclude' of the configuration", plan);
        Assert.Contains(plan, line => line.Contains($". {ext4}: ext4 on ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_what_is_included_freezes()
    {
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        string xfs = await data.AddAsync("xfs");
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[freeze]'", "include=xfs");
        await using AgentConversation host = await guest.ConnectAsync();

        Assert.Equal(1, (await host.AskAsync("guest-fsfreeze-freeze")).GetInt32());
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, xfs);
        await writer.WaitUntilBlockedAsync();
        await guest.AssertWritableAsync(ext4, "/root");

        Assert.Equal(1, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());
        await writer.FinishAsync();
    }

    private static string? ErrorOf(string reply) => JsonDocument.Parse(reply).RootElement.GetProperty("error").GetProperty("desc").GetString();

    /// <summary>Mounts a filesystem whose program never says a word: whoever opens it waits.</summary>
    private async Task<string> ServeAsync(DataMounts data, string type, string source, string name)
    {
        string mountpoint = "/data/" + name;
        await guest.Shell.DoAsync("modprobe fuse");
        await data.DoAsync(
            $"mkdir -p {mountpoint}; sh -c 'exec 9<>/dev/fuse; mount -i -t {type} -o fd=9,rootmode=40000,user_id=0,group_id=0 {source} {mountpoint}; exec sleep 100000'"
                + $" > /dev/null 2>&1 & echo $! > /run/{name}.pid; until grep -q ' {mountpoint} ' /proc/self/mountinfo; do sleep 0.1; done",
            $"kill $(cat /run/{name}.pid); umount -l {mountpoint}; rm /run/{name}.pid");
        return mountpoint;
    }

    /// <summary>Waits until a thread of the agent is where no signal reaches it, and stays there.</summary>
    private async Task WaitUntilHangingAsync()
    {
        string hangs = await HangsAsync();
        await guest.Shell.DoAsync($"until {hangs} && sleep 0.2 && {hangs}; do sleep 0.05; done");
    }

    private async Task<string> ReadHangingAsync() => await guest.Shell.DoAsync($"{await HangsAsync()} && echo hanging || echo back");

    private async Task<string> HangsAsync() => $"grep -qs '^State:.D' /proc/{await guest.ReadServiceAsync("MainPID")}/task/*/status";
}
