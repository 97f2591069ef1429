using System.Globalization;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>An agent that ends or dies while filesystems, the root filesystem among them, are frozen.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class FrozenDeathTests(DebianMachine guest)
{
    private const string Marker = "/run/qga.state.isfrozen";
    private const string Log = "/var/log/agent-under-test.log";

    [Theory]
    [InlineData("volatile")]
    [InlineData("persistent")]
    public async Task Killed_while_frozen_it_comes_back_and_thaws_without_being_asked(string journal)
    {
        // A journal on the frozen root filesystem is what most machines have; the agent's own log lies there too.
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        string xfs = await data.AddAsync("xfs");
        await data.DoAsync(
            $"mkdir -p /run/systemd/journald.conf.d && printf '[Journal]\\nStorage={journal}\\n' > /run/systemd/journald.conf.d/zz-test.conf && systemctl restart systemd-journald && journalctl --flush",
            "rm /run/systemd/journald.conf.d/zz-test.conf && systemctl restart systemd-journald && rm -rf /var/log/journal");
        await data.DoAsync("true", "rm " + Log);
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "verbose=true", "logfile=" + Log);
        string killed = await FreezeAsync();
        LateWriter onExt4 = await LateWriter.StartAsync(guest.Shell, ext4);
        LateWriter onXfs = await LateWriter.StartAsync(guest.Shell, xfs);
        LateWriter onRoot = await LateWriter.StartAsync(guest.Shell, "/root");
        await onExt4.WaitUntilBlockedAsync();
        await onXfs.WaitUntilBlockedAsync();
        await onRoot.WaitUntilBlockedAsync();
        await guest.Shell.DoAsync($"logger before; [ -e {Marker} ]");

        await guest.Shell.DoAsync("kill -9 " + killed);

        await onExt4.FinishAsync();
        await onXfs.FinishAsync();
        await onRoot.FinishAsync();
        await AssertThawedAsync();
        Assert.NotEqual(killed, await guest.ReadServiceAsync("MainPID"));
        Assert.Contains("an agent has died while filesystems were frozen", await guest.Shell.DoAsync("cat " + Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_often_it_was_started_it_comes_back_when_it_dies()
    {
        try
        {
            // systemd by itself puts up with five starts in ten seconds, and then leaves a service dead.
            await guest.Shell.DoAsync($"(for round in 1 2 3 4 5 6 7 8; do systemctl restart {DebianMachine.Service} || exit 1; done)");
            string before = await guest.ReadServiceAsync("MainPID");

            await guest.Shell.DoAsync("kill -9 " + before);

            await guest.WaitForAgentAsync();
            Assert.NotEqual(before, await guest.ReadServiceAsync("MainPID"));
        }
        finally
        {
            await guest.Shell.DoAsync($"systemctl reset-failed {DebianMachine.Service}; systemctl start {DebianMachine.Service}");
            await guest.WaitForAgentAsync();
        }
    }

    [Fact]
    public async Task Stopped_while_frozen_it_thaws_and_ends_well()
    {
        await using DataMounts data = new(guest);
        string xfs = await data.AddAsync("xfs");
        await FreezeAsync();
        LateWriter onXfs = await LateWriter.StartAsync(guest.Shell, xfs);
        LateWriter onRoot = await LateWriter.StartAsync(guest.Shell, "/root");
        await onXfs.WaitUntilBlockedAsync();
        await onRoot.WaitUntilBlockedAsync();

        await guest.Shell.DoAsync("systemctl stop " + DebianMachine.Service);
        await onXfs.FinishAsync();
        await onRoot.FinishAsync();
        string result = $"{await guest.ReadServiceAsync("ActiveState")} {await guest.ReadServiceAsync("Result")} {await guest.ReadServiceAsync("ExecMainStatus")}";
        string marker = await guest.Shell.DoAsync($"[ -e {Marker} ] && echo there || echo gone");
        await guest.Shell.DoAsync("systemctl start " + DebianMachine.Service);

        Assert.Equal("inactive success 0", result);
        Assert.Equal("gone\n", marker);
        await AssertThawedAsync();
    }

    [Fact]
    public async Task Killed_at_any_moment_of_a_freeze_or_thaw_it_leaves_nothing_frozen()
    {
        await using DataMounts data = new(guest);
        string[] directories = [await data.AddAsync("ext4"), await data.AddAsync("xfs"), await data.AddAsync("btrfs"), "/root"];
        for (int round = 0; round < 9; round++)
        {
            bool duringThaw = round % 3 == 2;
            string killed = duringThaw ? await FreezeAsync() : await guest.ReadServiceAsync("MainPID");
            await using (AgentConversation host = await guest.ConnectAsync())
            {
                await host.SendAsync(duringThaw ? "{\"execute\":\"guest-fsfreeze-thaw\"}\n" : "{\"execute\":\"guest-fsfreeze-freeze\"}\n");
                await guest.Shell.DoAsync(
                    string.Create(CultureInfo.InvariantCulture, $"sleep {round * (duringThaw ? 0.004 : 0.04):F3}; kill -9 {killed}"));
            }

            await guest.AssertWritableAsync(directories);
            await AssertThawedAsync();
            Assert.NotEqual(killed, await guest.ReadServiceAsync("MainPID"));
        }
    }

    /// <summary>Freezes everything.</summary>
    /// <returns>The agent's number, for a shell that will have to do with what is at hand.</returns>
    private async Task<string> FreezeAsync()
    {
        string pid = await guest.ReadServiceAsync("MainPID");
        await using AgentConversation host = await guest.ConnectAsync();
        await host.AskAsync("guest-fsfreeze-freeze");
        return pid;
    }

    private async Task AssertThawedAsync()
    {
        await guest.WaitForAgentAsync();
        await using AgentConversation host = await guest.ConnectAsync();
        Assert.Equal("thawed", (await host.AskAsync("guest-fsfreeze-status")).GetString());
        Assert.Equal("gone\n", await guest.Shell.DoAsync($"[ -e {Marker} ] && echo there || echo gone"));
    }
}
