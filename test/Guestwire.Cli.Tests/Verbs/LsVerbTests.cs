using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class LsVerbTests
{
    private const string Evil = "file\u001b[2J\u202Ex";
    private const string Safe = "file\uFFFD[2J\uFFFDx";

    [Fact]
    public async Task A_terminal_gets_names_that_it_does_not_obey_and_a_program_gets_them_as_they_are()
    {
        await using FakeAgent agent = Guest();

        Assert.Equal($"{Safe}\n", (await RunAsync(agent, isTerminal: true, "ls", "web1:/srv")).Output);
        Assert.Equal($"{Evil}\n", (await RunAsync(agent, isTerminal: false, "ls", "web1:/srv")).Output);
        Assert.EndsWith(Safe, (await RunAsync(agent, isTerminal: false, "ls", "-l", "web1:/srv")).Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stat_and_errors_are_as_safe()
    {
        await using FakeAgent agent = Guest();
        await using FakeAgent other = FileAgent.Start().Fails("__org.guestwire_file-stat", "no such \\u001b[2J file");

        Assert.Contains($"file  /srv/{Safe}\n", (await RunAsync(agent, isTerminal: true, "stat", $"web1:/srv/{Evil}")).Output, StringComparison.Ordinal);
        Assert.Equal("guestwire: no such \uFFFD[2J file\n", (await RunAsync(other, isTerminal: true, "stat", "web1:/srv")).Error);
    }

    private static FakeAgent Guest() => FileAgent.Start().Returns(
        "__org.guestwire_file-list",
        $$"""{"undecodable": 0, "entries": [{"name": "file\u001b[2J\u202ex", "status": {{FileAgent.StatusOf("regular", 4).ReplaceLineEndings(" ")}}}]}""");

    private static Task<CommandOutcome> RunAsync(FakeAgent agent, bool isTerminal, params string[] arguments) => Command.RunAsync(
        new CommandSurroundings { Sources = [new FixedGuests(new Target("web1", GuestTransport.Parse(agent.Target)))], IsTerminal = isTerminal }, arguments);
}
