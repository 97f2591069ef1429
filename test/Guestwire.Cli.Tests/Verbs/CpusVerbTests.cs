using System.Text.Json;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class CpusVerbTests
{
    [Fact]
    public async Task Processors_are_told_by_their_numbers()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        CommandOutcome outcome = await Command.RunAsync("cpus", agent.Target);
        Assert.Equal(["Processor  State    Can be switched off", "        0  online   no", "        1  offline  yes"], outcome.Lines);
        Assert.Equal(1, (await Command.RunAsync("cpus", agent.Target, "--json")).Json[0].GetProperty("logical-id").GetInt32());
    }

    [Fact]
    public async Task They_are_switched_in_one_request_and_told_as_they_are_then()
    {
        await using FakeAgent agent = GuestReplies.StartStock().Returns("guest-set-vcpus", "3");
        CommandOutcome outcome = await Command.RunAsync("cpus", agent.Target, "--enable", "1", "--disable", "2-3");
        Assert.Equal(0, outcome.Code);
        Assert.Equal(
            "1 True,2 False,3 False",
            string.Join(",", Arguments(agent.Requests[0]).EnumerateArray().Select(cpu => $"{cpu.GetProperty("logical-id")} {cpu.GetProperty("online")}")));
        Assert.Contains("guest-get-vcpus", agent.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_that_fails_the_reason_is_asked_for()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        int turn = 0;
        agent.Answers("guest-set-vcpus", _ => turn++ == 0 ? FakeAgent.Return("1") : """{"error": {"class": "GenericError", "desc": "logical processor #9 does not exist"}}""");
        CommandOutcome outcome = await Command.RunAsync("cpus", agent.Target, "--enable", "1,9");
        Assert.Equal(1, outcome.Code);
        Assert.Equal("guestwire: logical processor #9 does not exist\n", outcome.Error);
        Assert.Equal(9, Assert.Single(Arguments(agent.Requests[1]).EnumerateArray()).GetProperty("logical-id").GetInt32());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("3-1")]
    [InlineData("1,")]
    [InlineData("-1")]
    [InlineData("0-99999999")]
    public async Task Numbers_that_are_none_are_refused_before_any_guest_is_asked(string numbers)
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        CommandOutcome outcome = await Command.RunAsync("cpus", agent.Target, $"--enable={numbers}");
        Assert.Equal(2, outcome.Code);
        Assert.Empty(agent.Requests);
    }

    [Fact]
    public async Task One_that_is_named_twice_is_refused()
    {
        CommandOutcome outcome = await Command.RunAsync("cpus", "unix:/nowhere", "--enable", "1-3", "--disable", "2");
        Assert.Equal(2, outcome.Code);
    }

    private static JsonElement Arguments(string request) => JsonDocument.Parse(request).RootElement.GetProperty("arguments").GetProperty("vcpus");
}
