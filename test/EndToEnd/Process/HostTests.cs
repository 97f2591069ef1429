using System.Text.Json.Nodes;

namespace EndToEnd.ProcessSuite;

/// <summary>Hosts that come, go, do not read, and are many.</summary>
[Trait("Suite", "process")]
public sealed class HostTests : IDisposable
{
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

        Assert.False(idle.HearsSomething(TimeSpan.FromMilliseconds(700)));

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

        Assert.False(idle.HearsSomething(TimeSpan.FromMilliseconds(700)));

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
    public void Nothing_is_said_that_was_not_asked_for()
    {
        using HostLink host = _agent.Connect();

        Assert.False(host.HearsSomething(TimeSpan.FromMilliseconds(100)));
        Assert.Equal("{\"return\": {}}", host.Ask(HostLink.Request("guest-ping")).ToJsonString().Replace(":", ": ", StringComparison.Ordinal));
        Assert.False(host.HearsSomething(TimeSpan.FromMilliseconds(100)));
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
    public void Handles_and_programs_outlive_the_connection()
    {
        int handle;
        long processId;
        using (HostLink first = _agent.Connect())
        {
            handle = first.Call("guest-file-open", new { path = "/dev/null" }).GetValue<int>();
            processId = first.Call("guest-exec", new { path = "true" })["pid"]!.GetValue<long>();
        }

        using HostLink second = _agent.Connect();
        second.Call("guest-file-close", new { handle });
        JsonNode? status = null;
        RunningAgent.WaitUntil(
            () => (status = second.Call("guest-exec-status", new { pid = processId }))["exited"]!.GetValue<bool>(), "the program to end");
        Assert.Equal(0, status!["exitcode"]!.GetValue<int>());
    }
}
