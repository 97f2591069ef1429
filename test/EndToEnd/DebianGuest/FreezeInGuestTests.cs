using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>guest-fsfreeze-* on real filesystems, the root filesystem among them, watched through the guest's root shell.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class FreezeInGuestTests(DebianMachine guest)
{
    private static readonly string[] s_allowedWhileFrozen =
    [
        "guest-fsfreeze-status", "guest-fsfreeze-thaw", "guest-info", "guest-ping", "guest-sync", "guest-sync-delimited",
    ];

    [Fact]
    public async Task Writes_to_every_filesystem_wait_for_the_thaw()
    {
        await using DataMounts data = new(guest);
        string[] directories = [await data.AddAsync("ext4"), await data.AddAsync("xfs"), await data.AddAsync("btrfs"), "/root"];
        int count = await data.CountFreezableAsync();
        await using AgentConversation host = await guest.ConnectAsync();

        Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-freeze")).GetInt32());
        List<LateWriter> writers = [];
        foreach (string directory in directories)
        {
            writers.Add(await LateWriter.StartAsync(guest.Shell, directory));
            await writers[^1].WaitUntilBlockedAsync();
        }

        Assert.Equal("frozen", (await host.AskAsync("guest-fsfreeze-status")).GetString());
        foreach (LateWriter writer in writers)
        {
            await writer.AssertBlockedAsync();
        }

        Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());
        foreach (LateWriter writer in writers)
        {
            await writer.FinishAsync();
        }

        Assert.Equal("thawed", (await host.AskAsync("guest-fsfreeze-status")).GetString());
        Assert.Equal(0, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());
    }

    [Fact]
    public async Task Only_the_filesystems_that_are_named_freeze()
    {
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        string xfs = await data.AddAsync("xfs");
        string btrfs = await data.AddAsync("btrfs");
        await using AgentConversation host = await guest.ConnectAsync();

        Assert.Equal(2, await FreezeListAsync(host, btrfs, "/no-such-place", ext4, ext4));
        LateWriter onExt4 = await LateWriter.StartAsync(guest.Shell, ext4);
        LateWriter onBtrfs = await LateWriter.StartAsync(guest.Shell, btrfs);
        await onExt4.WaitUntilBlockedAsync();
        await onBtrfs.WaitUntilBlockedAsync();
        await guest.AssertWritableAsync(xfs, "/root");
        await onExt4.AssertBlockedAsync();
        await onBtrfs.AssertBlockedAsync();

        Assert.Equal(2, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());
        await onExt4.FinishAsync();
        await onBtrfs.FinishAsync();
    }

    [Fact]
    public async Task Without_anything_to_freeze_the_agent_stays_thawed()
    {
        await using DataMounts data = new(guest);
        string xfs = await data.AddAsync("xfs");
        await using AgentConversation host = await guest.ConnectAsync();

        Assert.Equal(0, await FreezeListAsync(host));
        Assert.Equal(0, await FreezeListAsync(host, xfs + "/", "/no-such-place"));

        Assert.Equal("thawed", (await host.AskAsync("guest-fsfreeze-status")).GetString());
        await guest.AssertWritableAsync(xfs, "/root");
    }

    [Fact]
    public async Task While_frozen_only_commands_run_that_touch_no_disk_and_afterwards_all_do()
    {
        await using DataMounts data = new(guest);
        await data.AddAsync("ext4");
        await using AgentConversation host = await guest.ConnectAsync();
        string[] before = EnabledIn(await host.AskAsync("guest-info"));
        await host.AskAsync("guest-fsfreeze-freeze");

        Assert.Equal(s_allowedWhileFrozen, EnabledIn(await host.AskAsync("guest-info")));
        foreach (string command in before.Except(s_allowedWhileFrozen))
        {
            Assert.Equal(
                $"{{\"error\": {{\"class\": \"CommandNotFound\", \"desc\": \"Command {command} has been disabled: the command is not allowed\"}}}}",
                await host.AskLineAsync($"{{\"execute\":\"{command}\"}}"));
        }

        await host.AskAsync("guest-fsfreeze-thaw");
        Assert.Equal(before, EnabledIn(await host.AskAsync("guest-info")));
        Assert.Equal(3, (await host.ExecuteAsync("echo after > /root/after; exit 3", "A=b", "")).GetProperty("exitcode").GetInt32());
        Assert.Equal("after\n", await guest.Shell.DoAsync("cat /root/after; rm /root/after"));
    }

    private static async Task<int> FreezeListAsync(AgentConversation host, params string[] mountpoints) =>
        (await host.AskAsync("guest-fsfreeze-freeze-list", new { mountpoints })).GetInt32();

    private static string[] EnabledIn(JsonElement info) =>
    [
        .. info.GetProperty("supported_commands").EnumerateArray()
            .Where(command => command.GetProperty("enabled").GetBoolean())
            .Select(command => command.GetProperty("name").GetString()!)
            .Order(StringComparer.Ordinal),
    ];
}
