using System.Text.Json;

namespace Guestwire.Cli.Tests.Verbs;

/// <summary>What all verbs have in common that ask a guest for something.</summary>
public sealed class FactVerbTests
{
    public static TheoryData<string, string> Verbs => new()
    {
        { "df", "guest-get-fsinfo" },
        { "net", "guest-network-get-interfaces" },
        { "users", "guest-get-users" },
        { "disks", "guest-get-disks" },
        { "cpus", "guest-get-vcpus" },
        { "time", "guest-get-time" },
    };

    public static TheoryData<string> VerbNames => ["info", "ping", "df", "net", "users", "disks", "cpus", "mem", "time", "top"];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_command_that_the_agent_lacks_fails_by_its_name(string verb, string command)
    {
        await using FakeAgent agent = FakeAgent.Start();
        CommandOutcome outcome = await Command.RunAsync(verb, agent.Target);
        Assert.Equal(1, outcome.Code);
        Assert.Equal($"guestwire: The command {command} has not been found\n", outcome.Error);
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_command_that_is_denied_fails_with_the_agents_words(string verb, string command)
    {
        await using FakeAgent agent = GuestReplies.StartComplete().Disables(command);
        CommandOutcome outcome = await Command.RunAsync(verb, agent.Target);
        Assert.Equal(1, outcome.Code);
        Assert.Equal($"guestwire: Command {command} has been disabled\n", outcome.Error);
    }

    [Theory]
    [MemberData(nameof(VerbNames))]
    public async Task A_guest_that_is_not_there_is_not_reachable(string verb)
    {
        using TemporaryFolder folder = new();
        CommandOutcome outcome = await Command.RunAsync(verb, $"unix:{folder.File("nobody")}");
        Assert.Equal(3, outcome.Code);
        Assert.StartsWith("guestwire: cannot connect to ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(VerbNames))]
    public async Task An_agent_that_is_silent_is_given_up(string verb)
    {
        await using FakeAgent agent = GuestReplies.StartComplete().IsSilent();
        CommandOutcome outcome = await Command.RunAsync(verb, agent.Target, "--timeout", "0.05");
        Assert.Equal(4, outcome.Code);
        Assert.Contains("does not answer", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(VerbNames))]
    public async Task Help_has_examples_and_exit_codes(string verb)
    {
        CommandOutcome outcome = await Command.RunAsync(verb, "--help");
        Assert.Equal(0, outcome.Code);
        Assert.Contains($"  guestwire {verb} ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_guests_each_has_a_line_of_json()
    {
        await using FakeAgent first = GuestReplies.StartComplete();
        await using FakeAgent second = FakeAgent.Start();
        CommandOutcome outcome = await Command.RunAsync("users", first.Target, second.Target, "--json", "--parallel", "1");
        Assert.Equal(5, outcome.Code);
        Assert.Equal(2, outcome.JsonLines.Length);
        JsonElement good = outcome.JsonLines[0];
        Assert.Equal(first.Target, good.GetProperty("guest").GetString());
        Assert.Equal(0, good.GetProperty("status").GetInt32());
        Assert.Equal("root", good.GetProperty("result")[0].GetProperty("user").GetString());
        Assert.Equal(1, outcome.JsonLines[1].GetProperty("status").GetInt32());
        Assert.Equal("The command guest-get-users has not been found", outcome.JsonLines[1].GetProperty("error").GetString());
    }

    [Fact]
    public async Task Of_several_guests_each_has_a_heading_and_there_is_a_summary()
    {
        await using FakeAgent first = GuestReplies.StartComplete();
        await using FakeAgent second = FakeAgent.Start();
        CommandOutcome outcome = await Command.RunAsync("users", first.Target, second.Target, "--parallel", "1");
        Assert.Equal(first.Target, outcome.Lines[0]);
        Assert.Contains($"guestwire: {second.Target}: The command guest-get-users has not been found", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("2 guests, 1 failed\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_all_of_several_guests_fail_alike_the_code_is_theirs()
    {
        using TemporaryFolder folder = new();
        CommandOutcome outcome = await Command.RunAsync("ping", $"unix:{folder.File("a")}", $"unix:{folder.File("b")}");
        Assert.Equal(3, outcome.Code);
    }

    [Fact]
    public async Task Without_a_guest_nothing_is_done()
    {
        CommandOutcome outcome = await Command.RunAsync("df");
        Assert.Equal(2, outcome.Code);
        Assert.StartsWith("guestwire: name a guest", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--timeout", "0")]
    [InlineData("--parallel", "0")]
    [InlineData("--timeout", "soon")]
    public async Task Options_out_of_range_are_refused(string option, string value)
    {
        await using FakeAgent agent = GuestReplies.StartComplete();
        CommandOutcome outcome = await Command.RunAsync("df", agent.Target, option, value);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(option, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(agent.Requests);
    }
}
