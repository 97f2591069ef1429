using System.Text.Json;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class TimeVerbTests
{
    [Fact]
    public async Task Both_clocks_are_told_in_the_guests_zone()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Time = new JumpingTime() }, "time", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Equal(
            ["guest   2026-07-01 14:00:01 +02:00 (CEST)", "host    2026-07-01 14:00:00 +02:00", "offset  1.500 s ahead of the host's"],
            outcome.Lines);
    }

    [Fact]
    public async Task Json_has_nanoseconds_and_the_offset_in_seconds()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        JsonElement json = (await Command.RunAsync(new CommandSurroundings { Time = new JumpingTime() }, "time", agent.Target, "--json")).Json;
        Assert.Equal(1782907201500000000, json.GetProperty("guest-ns").GetInt64());
        Assert.Equal(1782907200000000000, json.GetProperty("host-ns").GetInt64());
        Assert.Equal(1.5, json.GetProperty("offset-seconds").GetDouble());
    }

    [Fact]
    public async Task Sync_sets_the_hosts_time()
    {
        await using FakeAgent agent = GuestReplies.StartStock().Returns("guest-set-time", "{}");
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Time = new JumpingTime() }, "time", "--sync", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Equal(1782907200000000000, SetTime(agent));
    }

    [Theory]
    [InlineData("2026-07-01T14:00:00+02:00", 1782907200000000000)]
    [InlineData("2026-07-01T12:00:00", 1782907200000000000)]
    [InlineData("@1782907200.5", 1782907200500000000)]
    public async Task Set_takes_a_time(string text, long nanoseconds)
    {
        await using FakeAgent agent = GuestReplies.StartStock().Returns("guest-set-time", "{}");
        Assert.Equal(0, (await Command.RunAsync("time", agent.Target, "--set", text)).Code);
        Assert.Equal(nanoseconds, SetTime(agent));
    }

    [Theory]
    [InlineData("--set", "noon")]
    [InlineData("--set", "1969-12-31")]
    [InlineData("--sync", "--set=@1")]
    public async Task What_cannot_be_meant_is_refused(string first, string second)
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        Assert.Equal(2, (await Command.RunAsync("time", agent.Target, first, second)).Code);
        Assert.Empty(agent.Requests);
    }

    private static long SetTime(FakeAgent agent) => JsonDocument.Parse(
        Assert.Single(agent.Requests, request => request.Contains("guest-set-time", StringComparison.Ordinal))).RootElement
        .GetProperty("arguments").GetProperty("time").GetInt64();
}
