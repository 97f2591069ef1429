using System.Text.Json;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class NetVerbTests
{
    private const string Routes = """
        [{"iface": "eth0", "destination": "0.0.0.0", "metric": 100, "gateway": "192.0.2.1", "mask": "0.0.0.0", "version": 4},
         {"iface": "eth0", "destination": "fe80::", "metric": 256, "desprefixlen": "64", "nexthop": "::", "version": 6}]
        """;

    [Fact]
    public async Task Interfaces_are_told_with_their_addresses_and_counters()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        CommandOutcome outcome = await Command.RunAsync("net", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Equal(4, outcome.Lines.Length);
        Assert.Equal(
            ["eth0", "52:54:00:12:34:56", "192.0.2.7/24", "2.0", "KiB", "3", "1", "2", "1.0", "MiB", "5", "0", "0"],
            outcome.Lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("fe80::1/64", outcome.Lines[3].Trim());
    }

    [Fact]
    public async Task A_narrow_terminal_does_not_squeeze_columns()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { IsTerminal = true }, "net", agent.Target);
        Assert.Contains("52:54:00:12:34:56  192.0.2.7/24", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_do_not_end_in_blanks()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        CommandOutcome outcome = await Command.RunAsync("net", agent.Target);
        Assert.DoesNotContain(" \n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_are_told_when_they_are_wanted()
    {
        await using FakeAgent agent = GuestReplies.StartComplete().Returns("guest-network-get-route", Routes);
        CommandOutcome outcome = await Command.RunAsync("net", agent.Target, "--routes");
        Assert.Equal(["0.0.0.0", "mask", "0.0.0.0", "192.0.2.1", "eth0", "100"], outcome.Lines[^2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["fe80::/64", "::", "eth0", "256"], outcome.Lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task An_agent_without_routes_tells_the_rest()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        CommandOutcome outcome = await Command.RunAsync("net", agent.Target, "--routes");
        Assert.Equal(0, outcome.Code);
        Assert.Equal("routes are not known: the agent has no guest-network-get-route", outcome.Lines[^1]);
        JsonElement json = (await Command.RunAsync("net", agent.Target, "--routes", "--json")).Json;
        Assert.Equal(2, json.GetProperty("interfaces").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("routes").ValueKind);
    }
}
