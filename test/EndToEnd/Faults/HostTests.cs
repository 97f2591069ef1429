using EndToEnd.ProcessSuite;
using EndToEnd.Sandbox;

namespace EndToEnd.Faults;

/// <summary>Hosts that leave in the middle, do not read, say nothing, and are too many.</summary>
[Collection(FaultsCollection.Name)]
[Trait("Suite", "faults")]
public sealed class HostTests : IDisposable
{
    private static readonly TimeSpan ThreeSeconds = TimeSpan.FromSeconds(3);

    private readonly RunningAgent _agent = RunningAgent.OnSocket();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void A_host_that_closes_with_replies_unread_does_not_end_the_agent()
    {
        for (int i = 0; i < 10; i++)
        {
            HostLink leaving = _agent.Connect();
            leaving.Send(string.Concat(Enumerable.Repeat(HostLink.Request("guest-info"), 20)));
            Assert.True(leaving.HearsSomething(RunningAgent.Patience));
            leaving.Dispose();
        }

        using HostLink host = _agent.Connect();
        host.Call("guest-ping");
    }

    [Fact]
    public void A_host_that_does_not_read_costs_no_processor_time_and_little_memory()
    {
        using HostLink deaf = _agent.Connect();
        using HostLink idle = _agent.Connect();
        idle.Call("guest-ping");
        long memory = _agent.ResidentKib;
        deaf.Fill(HostLink.Request("guest-info"));
        long before = _agent.CpuTicks;

        Assert.False(idle.HearsSomething(ThreeSeconds));

        Assert.InRange(_agent.CpuTicks - before, 0, 2);
        Assert.InRange(_agent.ResidentKib - memory, long.MinValue, 2048);
        idle.Call("guest-ping");
    }

    [Fact]
    public void A_host_that_is_gone_while_it_did_not_read_costs_nothing_either()
    {
        using (HostLink deaf = _agent.Connect())
        {
            deaf.Fill(HostLink.Request("guest-info"));
        }

        using HostLink idle = _agent.Connect();
        idle.Call("guest-ping");
        long before = _agent.CpuTicks;

        Assert.False(idle.HearsSomething(ThreeSeconds));

        Assert.InRange(_agent.CpuTicks - before, 0, 2);
    }

    [Fact]
    public void Half_a_request_is_not_completed_by_the_next_host()
    {
        using (HostLink first = _agent.Connect())
        {
            first.Call("guest-ping");
            first.Send("{\"execute\":\"guest-sync\",\"arguments\":{\"id\":");
        }

        using HostLink second = _agent.Connect();
        Assert.Equal("{}", second.Call("guest-ping").ToJsonString());
    }

    [Fact]
    public void Further_hosts_than_are_served_at_once_may_connect_and_are_served_later()
    {
        List<HostLink> hosts = [.. Enumerable.Range(0, 28).Select(_ => _agent.Connect())];
        foreach (HostLink host in hosts)
        {
            host.Send(HostLink.Request("guest-sync", new { id = 1 }));
        }

        foreach (HostLink host in hosts)
        {
            Assert.Equal("{\"return\": 1}", host.ReadLine());
            host.Dispose();
        }
    }

    [Fact]
    public async Task Sixteen_hosts_at_once_get_their_own_replies()
    {
        await Task.WhenAll(Enumerable.Range(1, 16).Select(number => Task.Factory.StartNew(
            () =>
            {
                using HostLink host = _agent.Connect();
                for (int i = 0; i < 200; i++)
                {
                    int id = (number * 1000) + i;
                    Assert.Equal(id, host.Call("guest-sync", new { id }).GetValue<int>());
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    [Fact]
    public void Fifteen_hosts_that_do_not_read_48_MiB_cost_no_processor_time_and_a_piece_of_memory_each()
    {
        using TemporaryFolder memory = TemporaryFolder.InMemory();
        using (FileStream file = File.Create(memory.Combine("file")))
        {
            file.SetLength(48 * 1024 * 1024);
        }

        using HostLink idle = _agent.Connect();
        idle.Call("guest-ping");
        long before = _agent.ResidentKib;
        List<HostLink> deaf = [];
        for (int i = 0; i < 15; i++)
        {
            deaf.Add(_agent.Connect());
            int handle = deaf[i].Call("guest-file-open", new { path = memory.Combine("file") }).GetValue<int>();
            deaf[i].Send(HostLink.Request("guest-file-read", new { handle, count = 48 * 1024 * 1024 }) + "\n");
            Assert.True(deaf[i].HearsSomething(RunningAgent.Patience));
        }

        // The agent may still be filling the sockets.
        Assert.False(idle.HearsSomething(TimeSpan.FromMilliseconds(500)));
        long ticks = _agent.CpuTicks;
        Assert.False(idle.HearsSomething(ThreeSeconds));

        Assert.InRange(_agent.CpuTicks - ticks, 0, 2);
        Assert.InRange(_agent.ResidentKib - before, long.MinValue, 15 * 256);
        idle.Call("guest-ping");
        deaf.ForEach(host => host.Dispose());
    }

    [Fact]
    public void A_seventeenth_host_waits_for_the_first_that_leaves()
    {
        List<HostLink> hosts = [.. Enumerable.Range(0, 16).Select(_ => _agent.Connect())];
        hosts.ForEach(host => host.Call("guest-ping"));
        using HostLink late = _agent.Connect();
        late.Send(HostLink.Request("guest-sync", new { id = 17 }) + "\n");
        Assert.False(late.HearsSomething(TimeSpan.FromMilliseconds(300)));
        hosts.ForEach(host => host.Call("guest-ping"));

        hosts[3].Dispose();

        Assert.Equal("{\"return\": 17}", late.ReadLine());
        hosts.ForEach(host => host.Dispose());
    }

    [Fact]
    public void A_host_that_shuts_down_its_sending_half_gets_its_replies_and_then_the_end()
    {
        using HostLink host = _agent.Connect();
        host.Send(string.Concat(Enumerable.Range(1, 3).Select(id => HostLink.Request("guest-sync", new { id }))) + "{\"execute\":");
        host.EndSending();

        Assert.Equal("{\"return\": 1}", host.ReadLine());
        Assert.Equal("{\"return\": 2}", host.ReadLine());
        Assert.Equal("{\"return\": 3}", host.ReadLine());
        Assert.True(host.HasEnded());
    }

    [Fact]
    public void A_thousand_hosts_that_connect_and_say_nothing_leave_nothing_behind()
    {
        using HostLink host = _agent.Connect();
        host.Call("guest-ping");
        AgentFootprint before = AgentFootprint.AtRest(_agent);
        for (int i = 0; i < 1000; i++)
        {
            _agent.Connect().Dispose();
        }

        AgentFootprint.AtRest(_agent, before.DescriptorCount).AssertNoMoreThan(before, 1024);
        host.Call("guest-ping");
    }

    [Fact]
    public void After_a_death_with_hosts_connected_the_next_agent_takes_the_socket_and_hosts_come_back()
    {
        List<HostLink> hosts = [.. Enumerable.Range(0, 5).Select(_ => _agent.Connect())];
        hosts.ForEach(host => host.Call("guest-ping"));
        int handle = hosts[0].Call("guest-file-open", new { path = "/dev/null" }).GetValue<int>();
        hosts[1].Send("{\"execute\":\"guest-sync\",\"arguments\":{");
        Assert.Equal(128 + NativeCalls.SIGKILL, _agent.Stop(NativeCalls.SIGKILL));
        hosts.ForEach(host => Assert.True(host.HasEnded()));
        Assert.True(File.Exists(_agent["socket"]));

        using RunningAgent next = RunningAgent.Start(
            new TemporaryFolder(), RunningAgent.Program, "-m", "unix-listen", "-p", _agent["socket"], "-t", _agent[""]);
        HostLink? again = null;
        RunningAgent.WaitUntil(() => (again = TryConnect()) is not null, "the next agent to listen");
        using (again)
        {
            again!.Call("guest-ping");

            // Handles are not given out twice: a host that missed the death must not write into another's file.
            Assert.Contains("has not been found", again.Refused("guest-file-close", new { handle }), StringComparison.Ordinal);
            Assert.True(again.Call("guest-file-open", new { path = "/dev/null" }).GetValue<int>() > handle);
        }

        Assert.Equal(0, next.Stop(NativeCalls.SIGTERM));
        Assert.False(File.Exists(_agent["socket"]));
        hosts.ForEach(host => host.Dispose());
    }

    private HostLink? TryConnect()
    {
        try
        {
            return _agent.Connect();
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null;
        }
    }
}
