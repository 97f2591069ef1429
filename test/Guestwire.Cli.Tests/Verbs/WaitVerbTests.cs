namespace Guestwire.Cli.Tests.Verbs;

public sealed class WaitVerbTests
{
    [Fact]
    public async Task An_agent_that_is_there_is_not_waited_for()
    {
        await using FakeAgent agent = FakeAgent.Start();
        CommandOutcome outcome = await Command.RunAsync("wait", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Equal("the agent answers\n", outcome.Output);
    }

    [Fact]
    public async Task A_socket_need_not_exist_yet()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("agent");
        FakeAgent? agent = null;
        JumpingTime time = new() { OnPause = pause => agent = pause == 3 ? FakeAgent.StartAt(path) : agent };
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Time = time }, "wait", $"unix:{path}", "--json");
        Assert.Equal(0, outcome.Code);
        Assert.Equal(3, time.Pauses);
        Assert.Equal("agent", outcome.Json.GetProperty("for").GetString());
        Assert.Equal(0.35, outcome.Json.GetProperty("seconds").GetDouble());
        await agent!.DisposeAsync();
    }

    [Fact]
    public async Task What_does_not_come_ends_with_4_and_the_last_reason()
    {
        using TemporaryFolder folder = new();
        JumpingTime time = new();
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Time = time }, "wait", $"unix:{folder.File("agent")}", "--timeout", "30");
        Assert.Equal(4, outcome.Code);
        Assert.StartsWith("guestwire: waited 30 seconds for agent in vain: cannot connect to ", outcome.Error, StringComparison.Ordinal);
        Assert.InRange(time.Pauses, 10, 30);
    }

    [Fact]
    public async Task Addresses_that_others_can_reach_are_waited_for_and_printed()
    {
        const string Loopback = """[{"name": "lo", "ip-addresses": [{"ip-address": "127.0.0.1", "ip-address-type": "ipv4", "prefix": 8}]}]""";
        const string LinkLocal = """[{"name": "eth0", "ip-addresses": [{"ip-address": "fe80::1", "ip-address-type": "ipv6", "prefix": 64}, {"ip-address": "169.254.3.4", "ip-address-type": "ipv4", "prefix": 16}]}]""";
        await using FakeAgent agent = FakeAgent.Start().ReturnsInTurn("guest-network-get-interfaces", "[]", Loopback, LinkLocal, GuestReplies.Interfaces);
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Time = new JumpingTime() }, "wait", agent.Target, "--for", "ip");
        Assert.Equal(0, outcome.Code);
        Assert.Equal("192.0.2.7\n", outcome.Output);
        Assert.Equal(4, agent.Requests.Length);
    }

    [Fact]
    public async Task A_command_is_run_until_it_succeeds()
    {
        await using FakeAgent agent = FakeAgent.Start()
            .Returns("guest-exec", "{\"pid\": 7}")
            .ReturnsInTurn("guest-exec-status", "{\"exited\": true, \"exitcode\": 3}", "{\"exited\": true, \"exitcode\": 0}");
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Time = new JumpingTime() }, "wait", agent.Target, "--for", "exec:test -e /ready");
        Assert.Equal(0, outcome.Code);
        Assert.Equal("the command succeeded\n", outcome.Output);
        Assert.Equal(2, agent.Requests.Count(request => request.Contains("test -e /ready", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_the_guest_forbids_is_not_waited_for()
    {
        await using FakeAgent agent = FakeAgent.Start().Disables("guest-network-get-interfaces");
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Time = new JumpingTime() }, "wait", agent.Target, "--for", "ip");
        Assert.Equal(1, outcome.Code);
        Assert.Equal("guestwire: Command guest-network-get-interfaces has been disabled\n", outcome.Error);
    }

    [Theory]
    [InlineData("dinner")]
    [InlineData("exec:")]
    public async Task Only_what_is_known_is_waited_for(string what)
    {
        CommandOutcome outcome = await Command.RunAsync("wait", "unix:/nowhere", "--for", what);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("--for wants", outcome.Error, StringComparison.Ordinal);
    }
}
