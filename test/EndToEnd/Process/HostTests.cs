using System.Text.Json.Nodes;

namespace EndToEnd.ProcessSuite;

/// <summary>What is one host's and what is the agent's.</summary>
[Trait("Suite", "process")]
public sealed class HostTests : IDisposable
{
    private readonly RunningAgent _agent = RunningAgent.OnSocket();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void Nothing_is_said_that_was_not_asked_for()
    {
        using HostLink host = _agent.Connect();

        Assert.False(host.HearsSomething(TimeSpan.FromMilliseconds(100)));
        Assert.Equal("{\"return\": {}}", host.Ask(HostLink.Request("guest-ping")).ToJsonString().Replace(":", ": ", StringComparison.Ordinal));
        Assert.False(host.HearsSomething(TimeSpan.FromMilliseconds(100)));
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
