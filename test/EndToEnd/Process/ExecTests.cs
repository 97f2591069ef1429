using System.Text.Json.Nodes;

namespace EndToEnd.ProcessSuite;

/// <summary>Programs that hosts run.</summary>
[Trait("Suite", "process")]
public sealed class ExecTests
{
    private static readonly string[] HiddenArguments = ["/dev/null", "--", "hidden-argument"];
    private static readonly string[] HiddenVariables = ["HIDDEN=hidden-variable"];

    [Theory]
    [InlineData("stdout", true, false)]
    [InlineData("stderr", false, true)]
    [InlineData("separated", true, true)]
    [InlineData("none", false, false)]
    public void Capturing_works_every_time_and_leaves_the_agents_own_streams_alone(string mode, bool capturesOutput, bool capturesError)
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        host.Execute(Shell("true", mode));
        string[] before = [.. agent.Descriptors.Order()];
        for (int i = 0; i < 40; i++)
        {
            JsonNode status = host.Execute(Shell("echo out; echo err >&2", mode));

            Assert.Equal(capturesOutput ? "b3V0Cg==" : null, status["out-data"]?.GetValue<string>());
            Assert.Equal(capturesError ? "ZXJyCg==" : null, status["err-data"]?.GetValue<string>());
        }

        Assert.Equal(before, agent.Descriptors.Order());
        long ticks = agent.CpuTicks;
        Assert.False(host.HearsSomething(TimeSpan.FromMilliseconds(300)));
        Assert.InRange(agent.CpuTicks - ticks, 0, 2);
    }

    [Fact]
    public void Merged_streams_come_in_order_and_nothing_is_logged_as_failed()
    {
        using RunningAgent agent = RunningAgent.OnSocket("-v");
        using (HostLink host = agent.Connect())
        {
            JsonNode status = host.Execute(Shell("echo one; echo two >&2; echo three", "merged"));
            Assert.Equal("one\ntwo\nthree\n", StartTests.Decode(status["out-data"]!));
            Assert.Null(status["err-data"]);
        }

        agent.Stop(NativeCalls.SIGTERM);
        Assert.DoesNotContain("fail", agent.Complaints, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Secrets_on_a_command_line_do_not_reach_the_log()
    {
        using RunningAgent agent = RunningAgent.OnSocket("-v");
        using (HostLink host = agent.Connect())
        {
            host.Execute(new Dictionary<string, object>
            {
                ["path"] = "/bin/cat",
                ["arg"] = HiddenArguments,
                ["env"] = HiddenVariables,
                ["input-data"] = Convert.ToBase64String("hidden-input"u8),
            });
        }

        agent.Stop(NativeCalls.SIGTERM);
        Assert.Contains("guest-exec answered", agent.Complaints, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", agent.Complaints, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String("hidden-input"u8), agent.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_no_program_of_ours_is_named_in_the_error()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();

        Assert.Equal("PID 123 does not exist", host.Refused("guest-exec-status", new { pid = 123 }));
    }

    [Fact]
    public void Many_programs_leave_nothing_behind()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        host.Execute(Shell("true", "separated"));
        string[] before = [.. agent.Descriptors.Order()];

        List<long> running = [.. Enumerable.Range(0, 50).Select(_ => host.Call("guest-exec", Shell("echo x; echo y >&2", "separated"))["pid"]!.GetValue<long>())];
        foreach (long pid in running)
        {
            RunningAgent.WaitUntil(() => host.Call("guest-exec-status", new { pid })["exited"]!.GetValue<bool>(), "the program to end");
        }

        Assert.Equal(before, agent.Descriptors.Order());
        Assert.Equal("", File.ReadAllText($"/proc/{agent.ProcessId}/task/{agent.ProcessId}/children"));
    }

    private static Dictionary<string, object> Shell(string commandLine, string mode) => new()
    {
        ["path"] = "/bin/sh",
        ["arg"] = new[] { "-c", commandLine },
        ["capture-output"] = mode,
    };
}
