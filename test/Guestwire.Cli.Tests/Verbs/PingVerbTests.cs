namespace Guestwire.Cli.Tests.Verbs;

public sealed class PingVerbTests
{
    [Fact]
    public async Task An_agent_that_answers_is_told_with_its_time()
    {
        await using FakeAgent agent = FakeAgent.Start();
        CommandOutcome outcome = await Command.RunAsync("ping", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Matches("^the agent answers in [0-9.]+ ms$", Assert.Single(outcome.Lines));
        Assert.True((await Command.RunAsync("ping", agent.Target, "--json")).Json.GetProperty("seconds").GetDouble() > 0);
    }
}
