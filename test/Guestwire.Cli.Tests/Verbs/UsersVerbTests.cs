namespace Guestwire.Cli.Tests.Verbs;

public sealed class UsersVerbTests
{
    [Fact]
    public async Task Users_are_told_with_the_time_of_their_login()
    {
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-get-users", """[{"user": "anna", "login-time": 1782900000.5}, {"user": "eve", "domain": "CORP", "login-time": 0}]""");
        CommandOutcome outcome = await Command.RunAsync("users", agent.Target);
        Assert.Equal(["User      Since", "anna      2026-07-01 10:00:00 +00:00", "CORP\\eve  1970-01-01 00:00:00 +00:00"], outcome.Lines);
    }

    [Fact]
    public async Task Nobody_is_told_too()
    {
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-get-users", "[]");
        Assert.Equal("nobody is logged in\n", (await Command.RunAsync("users", agent.Target)).Output);
        Assert.Equal("[]\n", (await Command.RunAsync("users", agent.Target, "--json")).Output);
    }
}
