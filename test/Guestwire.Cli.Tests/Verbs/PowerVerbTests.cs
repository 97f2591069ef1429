using Guestwire.Cli.Targets;
using Guestwire.Cli.Tests.Programs;
using Guestwire.Client;
using static Guestwire.Cli.Tests.Programs.ExecReplies;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class PowerVerbTests
{
    [Theory]
    [InlineData("shutdown", "\"powerdown\"")]
    [InlineData("reboot", "\"reboot\"")]
    public async Task A_guest_that_accepts_ends_the_call(string verb, string mode)
    {
        await using FakeAgent agent = Guest();

        Assert.Equal(0, (await new ProgramCall().RunAsync(verb, agent.Target)).Code);
        Assert.Equal(mode, ArgumentsOf(agent, "guest-shutdown").GetProperty("mode").GetRawText());
    }

    [Fact]
    public async Task What_the_guest_says_against_it_is_a_failure()
    {
        await using FakeAgent agent = FakeAgent.Start().Fails("guest-shutdown", "shutdown: not today");

        ProgramOutcome outcome = await new ProgramCall().RunAsync("shutdown", agent.Target);

        Assert.Equal(ExitCode.Failed, outcome.Code);
        Assert.Contains("not today", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_taken_for_silence_where_nobody_is()
    {
        Assert.Equal(ExitCode.Unreachable, (await new ProgramCall().RunAsync("shutdown", "unix:/nonexistent/socket")).Code);
    }

    [Fact]
    public async Task A_wait_for_the_end_ends_when_the_way_to_the_agent_is_closed()
    {
        int pings = 0;
        await using FakeAgent agent = Guest().Answers("guest-ping", _ => ++pings > 4 ? throw new IOException("the machine is off") : FakeAgent.Return("{}"));

        Assert.Equal("it is gone\n", (await new ProgramCall { Time = new JumpingTime() }.RunAsync("shutdown", agent.Target, "--wait")).Text);
        Assert.Equal(5, pings);
    }

    [Fact]
    public async Task A_guest_that_does_not_go_is_waited_for_no_longer_than_told()
    {
        await using FakeAgent agent = Guest();

        Assert.Equal(ExitCode.TimedOut, (await new ProgramCall { Time = new JumpingTime() }.RunAsync("shutdown", agent.Target, "--wait", "--wait-time", "20")).Code);
    }

    [Fact]
    public async Task A_wait_for_a_reboot_ends_when_the_boot_is_another_one()
    {
        int reads = 0;
        await using FakeAgent agent = Guest()
            .Returns("guest-file-open", "5")
            .Returns("guest-file-close", "{}")
            .Answers("guest-file-read", _ =>
            {
                // Each boot number is read in two pieces, the second of which is its end.
                int boot = reads++ / 2 < 3 ? 1 : 2;
                return FakeAgent.Return(reads % 2 == 1
                    ? $$"""{"count": 2, "buf-b64": "{{Base64($"{boot}\n")}}", "eof": false}"""
                    : """{"count": 0, "buf-b64": "", "eof": true}""");
            });

        Assert.Equal("it has rebooted\n", (await new ProgramCall { Time = new JumpingTime() }.RunAsync("reboot", agent.Target, "--wait")).Text);
    }

    [Theory]
    [InlineData("ram")]
    [InlineData("disk")]
    [InlineData("hybrid")]
    public async Task Each_way_to_sleep_is_a_command(string mode)
    {
        await using FakeAgent agent = Guest().Answers($"guest-suspend-{mode}", _ => null);

        Assert.Equal(0, (await new ProgramCall().RunAsync("suspend", agent.Target, "--mode", mode)).Code);
        Assert.Equal([$"guest-suspend-{mode}"], CommandsOf(agent));
    }

    [Theory]
    [InlineData("n", false)]
    [InlineData("", false)]
    [InlineData("y", true)]
    public async Task Whether_all_guests_are_meant_is_asked_at_the_terminal(string answer, bool isDone)
    {
        await using FakeAgent agent = Guest();

        ProgramOutcome outcome = await All(agent, answer).RunAsync("shutdown", "--all");

        Assert.Contains("Shut down 1 guests: web1?", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(isDone, CommandsOf(agent).Length == 1);
        Assert.Equal(isDone ? 0 : ExitCode.Failed, outcome.Code);
    }

    [Fact]
    public async Task Who_says_yes_before_is_not_asked()
    {
        await using FakeAgent agent = Guest();

        Assert.DoesNotContain("?", (await All(agent, "").RunAsync("shutdown", "--all", "--yes")).Error, StringComparison.Ordinal);
        Assert.Single(CommandsOf(agent));
    }

    [Fact]
    public async Task A_trim_tells_of_each_filesystem_and_fails_only_when_none_could_be_trimmed()
    {
        await using FakeAgent some = FakeAgent.Start().Returns(
            "guest-fstrim", """{"paths": [{"path": "/", "trimmed": 1048576, "minimum": 4096}, {"path": "/boot", "error": "trim not supported"}]}""");
        await using FakeAgent none = FakeAgent.Start().Returns("guest-fstrim", """{"paths": [{"path": "/boot", "error": "trim not supported"}]}""");

        ProgramOutcome outcome = await new ProgramCall().RunAsync("trim", some.Target, "--minimum", "4096");

        Assert.Equal(0, outcome.Code);
        Assert.Contains("1.0 MiB", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("trim not supported", outcome.Text, StringComparison.Ordinal);
        Assert.Equal(4096, ArgumentsOf(some, "guest-fstrim").GetProperty("minimum").GetInt32());
        Assert.Equal(ExitCode.Failed, (await new ProgramCall().RunAsync("trim", none.Target)).Code);
        Assert.DoesNotContain("minimum", none.Requests[^1], StringComparison.Ordinal);
    }

    private static FakeAgent Guest() => FakeAgent.Start().Answers("guest-shutdown", _ => null);

    private static ProgramCall All(FakeAgent agent, string answer) => new()
    {
        Typed = answer,
        Guests = [new Target("web1", GuestTransport.Parse(agent.Target), "running")],
    };
}
