using System.Text;
using System.Text.Json;
using Guestwire.Cli.Tests.Programs;
using static Guestwire.Cli.Tests.Programs.ExecReplies;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class PasswdVerbTests
{
    [Fact]
    public async Task A_password_is_asked_for_twice_and_never_shown()
    {
        await using FakeAgent agent = Guest();

        ProgramOutcome outcome = await new ProgramCall { Secrets = ["naïve word", "naïve word"] }.RunAsync("passwd", agent.Target, "alice");

        Assert.Equal(0, outcome.Code);
        JsonElement arguments = ArgumentsOf(agent, "guest-set-user-password");
        Assert.Equal("alice", arguments.GetProperty("username").GetString());
        Assert.Equal("naïve word", Encoding.UTF8.GetString(arguments.GetProperty("password").GetBytesFromBase64()));
        Assert.False(arguments.GetProperty("crypted").GetBoolean());
        string everything = outcome.Text + outcome.Error;
        Assert.DoesNotContain("word", everything.Replace("password", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(arguments.GetProperty("password").GetString()!, everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one", "two")]
    [InlineData("one")]
    [InlineData("", "")]
    public async Task What_differs_or_is_empty_or_is_not_given_is_not_sent(params string[] typed)
    {
        await using FakeAgent agent = Guest();

        Assert.Equal(ExitCode.Usage, (await new ProgramCall { Secrets = typed }.RunAsync("passwd", agent.Target, "alice")).Code);
        Assert.Empty(CommandsOf(agent));
    }

    [Fact]
    public async Task A_hash_comes_from_standard_input_as_it_is()
    {
        await using FakeAgent agent = Guest();

        ProgramOutcome outcome = await new ProgramCall { Input = "$6$salt$hash\nsecond line\n"u8.ToArray() }.RunAsync("passwd", agent.Target, "alice", "--stdin", "--crypted");

        Assert.Equal(0, outcome.Code);
        JsonElement arguments = ArgumentsOf(agent, "guest-set-user-password");
        Assert.Equal("$6$salt$hash", Encoding.UTF8.GetString(arguments.GetProperty("password").GetBytesFromBase64()));
        Assert.True(arguments.GetProperty("crypted").GetBoolean());
    }

    [Fact]
    public async Task Several_guests_get_the_password_that_was_asked_for_once()
    {
        await using FakeAgent one = Guest();
        await using FakeAgent two = Guest();

        ProgramOutcome outcome = await new ProgramCall { Input = "secret\n"u8.ToArray() }.RunAsync("passwd", one.Target, two.Target, "root", "--stdin");

        Assert.Equal(0, outcome.Code);
        Assert.Equal(one.Requests[^1], two.Requests[^1]);
    }

    [Fact]
    public async Task Without_a_terminal_and_without_being_told_to_it_reads_nothing()
    {
        await using FakeAgent agent = Guest();

        Assert.Equal(ExitCode.Usage, (await new ProgramCall { Input = "secret\n"u8.ToArray() }.RunAsync("passwd", agent.Target, "alice")).Code);
        Assert.Equal(ExitCode.Usage, (await new ProgramCall().RunAsync("passwd", agent.Target)).Code);
        Assert.Empty(CommandsOf(agent));
    }

    private static FakeAgent Guest() => FakeAgent.Start().Returns("guest-set-user-password", "{}");
}
