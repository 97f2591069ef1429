using System.Globalization;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>A host that froze its guest and vanished. The guest's own clock is the judge.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class AutoThawTests(DebianMachine guest)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Frozen_for_as_long_as_it_may_be_it_thaws_and_the_host_learns_of_it()
    {
        await AssertThawsAsync("auto-thaw", 4 * s_second, host => Task.CompletedTask);
    }

    [Fact]
    public async Task As_long_as_a_host_asks_for_anything_it_stays_frozen_and_then_it_thaws()
    {
        TimeSpan patience = 6 * s_second;
        await AssertThawsAsync("auto-thaw-idle", patience, async host =>
        {
            TimeSpan began = await guest.Shell.ReadClockAsync();
            while (await guest.Shell.ReadClockAsync() - began < patience + s_second)
            {
                await host.AskAsync("guest-ping");
            }

            Assert.Equal("frozen", (await host.AskAsync("guest-fsfreeze-status")).GetString());
        });
    }

    private async Task AssertThawsAsync(string key, TimeSpan limit, Func<AgentConversation, Task> talk)
    {
        string seconds = limit.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        await using DataMounts data = new(guest);
        string xfs = await data.AddAsync("xfs");
        int count = await data.CountFreezableAsync();
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[freeze]'", $"{key}={seconds}");
        TimeSpan before;
        await using (AgentConversation host = await guest.ConnectAsync())
        {
            before = await guest.Shell.ReadClockAsync();
            Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-freeze")).GetInt32());
            await talk(host);
        }

        Func<Task<TimeSpan>> written = await guest.Shell.StartTimedWriterAsync(xfs);

        // Not before its time. That the writer ends at all shows that nobody had to ask; by how much it is late is this machine's business.
        TimeSpan thawed = await written();
        Assert.True(thawed >= before + limit, $"thawed after {thawed - before}");
        await guest.AssertWritableAsync(xfs, "/root");
        await using AgentConversation next = await guest.ConnectAsync();
        Assert.Equal("thawed", (await next.AskAsync("guest-fsfreeze-status")).GetString());
        Assert.Equal(0, (await next.AskAsync("guest-fsfreeze-thaw")).GetInt32());
        await guest.Shell.DoAsync(
            $"until journalctl --quiet --unit={DebianMachine.Service} | grep -qF '{seconds} seconds ({key}): thawing without being asked'; do sleep 0.2; done");
    }
}
