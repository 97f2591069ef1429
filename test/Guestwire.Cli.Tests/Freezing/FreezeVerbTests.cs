using Guestwire.Cli.Tests.Programs;
using static Guestwire.Cli.Tests.Programs.ExecReplies;

namespace Guestwire.Cli.Tests.Freezing;

public sealed class FreezeVerbTests
{
    private static readonly string[] s_frozenAndThawed = ["guest-fsfreeze-freeze", "guest-fsfreeze-thaw"];

    [Fact]
    public async Task A_program_runs_between_the_freeze_and_the_thaw_and_its_exit_code_is_ours()
    {
        using TemporaryFolder folder = new();
        bool ranBeforeThaw = false;
        await using FakeAgent agent = Guest(3).Answers("guest-fsfreeze-thaw", _ =>
        {
            ranBeforeThaw = File.Exists(folder.File("ran"));
            return FakeAgent.Return("3");
        });

        ProgramOutcome outcome = await new ProgramCall().RunAsync("freeze", agent.Target, "--", "sh", "-c", "touch \"$0\"; exit 9", folder.File("ran"));

        Assert.Equal(9, outcome.Code);
        Assert.True(ranBeforeThaw);
        Assert.Equal(s_frozenAndThawed, CommandsOf(agent));
        Assert.Contains("3 filesystems frozen", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("3 filesystems thawed", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_a_signal_kills_thaws_too()
    {
        await using FakeAgent agent = Guest(1);

        Assert.Equal(137, (await new ProgramCall().RunAsync("freeze", agent.Target, "--", "sh", "-c", "kill -KILL $$")).Code);
        Assert.Equal(s_frozenAndThawed, CommandsOf(agent));
    }

    [Fact]
    public async Task For_a_program_that_is_not_there_nothing_is_frozen()
    {
        using TemporaryFolder folder = new();
        await using FakeAgent agent = Guest(1);

        Assert.Equal(127, (await new ProgramCall().RunAsync("freeze", agent.Target, "--", "no-such-program-anywhere")).Code);
        Assert.Equal(126, (await new ProgramCall().RunAsync("freeze", agent.Target, "--", folder.Write("text", "no program"))).Code);
        Assert.Empty(CommandsOf(agent));
    }

    [Fact]
    public async Task A_program_that_cannot_be_run_after_all_thaws()
    {
        using TemporaryFolder folder = new();
        string broken = folder.Write("broken", "#!/nonexistent/interpreter\n");
        File.SetUnixFileMode(broken, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using FakeAgent agent = Guest(1);

        Assert.Equal(126, (await new ProgramCall().RunAsync("freeze", agent.Target, "--", broken)).Code);
        Assert.Equal(s_frozenAndThawed, CommandsOf(agent));
    }

    [Fact]
    public async Task Several_guests_freeze_in_their_order_and_thaw_in_reverse()
    {
        List<string> order = [];
        await using FakeAgent one = Guest(1, order, "one");
        await using FakeAgent two = Guest(1, order, "two");

        Assert.Equal(0, (await new ProgramCall().RunAsync("freeze", one.Target, two.Target, "--", "true")).Code);
        Assert.Equal(["freeze one", "freeze two", "thaw two", "thaw one"], order);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_one_does_not_freeze_nothing_runs_and_those_before_it_thaw(bool refuses)
    {
        using TemporaryFolder folder = new();
        await using FakeAgent one = Guest(1);
        await using FakeAgent two = refuses ? Guest(1).Fails("guest-fsfreeze-freeze", "a hook failed") : Guest(0);

        ProgramOutcome outcome = await new ProgramCall().RunAsync("freeze", one.Target, two.Target, "--", "touch", folder.File("ran"));

        Assert.Equal(125, outcome.Code);
        Assert.Contains("nothing was run", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("ran")));
        Assert.Equal(s_frozenAndThawed, CommandsOf(one));
        Assert.Equal(["guest-fsfreeze-freeze"], CommandsOf(two));
    }

    [Fact]
    public async Task A_connection_that_breaks_between_freeze_and_thaw_is_opened_again()
    {
        int pings = 0;
        await using FakeAgent agent = Guest(2).Answers("guest-ping", _ => ++pings is 2 or 3 ? throw new IOException("the line is cut") : FakeAgent.Return("{}"));

        ProgramOutcome outcome = await new ProgramCall { Time = new JumpingTime() }.RunAsync("freeze", agent.Target, "--", "true");

        Assert.Equal(0, outcome.Code);
        Assert.Equal(s_frozenAndThawed, CommandsOf(agent));
    }

    [Fact]
    public async Task When_the_freeze_s_reply_is_lost_the_guest_is_thawed_and_nothing_runs()
    {
        using TemporaryFolder folder = new();
        await using FakeAgent agent = Guest(2).Answers("guest-fsfreeze-freeze", _ => throw new IOException("the line is cut"));

        ProgramOutcome outcome = await new ProgramCall { Time = new JumpingTime() }.RunAsync("freeze", agent.Target, "--", "touch", folder.File("ran"));

        Assert.Equal(125, outcome.Code);
        Assert.False(File.Exists(folder.File("ran")));
        Assert.Equal(s_frozenAndThawed, CommandsOf(agent));
    }

    [Fact]
    public async Task When_the_thaw_s_reply_is_lost_nobody_can_tell_and_that_is_no_success()
    {
        int thaws = 0;
        await using FakeAgent agent = Guest(2).Answers("guest-fsfreeze-thaw", _ => ++thaws == 1 ? throw new IOException("the line is cut") : FakeAgent.Return("0"));

        ProgramOutcome outcome = await new ProgramCall { Time = new JumpingTime() }.RunAsync("freeze", agent.Target, "--", "true");

        Assert.Equal(125, outcome.Code);
        Assert.Contains("nobody can tell", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_guest_that_had_thawed_by_itself_makes_it_a_failure(int thawed)
    {
        await using FakeAgent agent = Guest(2).Returns("guest-fsfreeze-thaw", $"{thawed}");

        ProgramOutcome outcome = await new ProgramCall().RunAsync("freeze", agent.Target, "--", "true");

        Assert.Equal(125, outcome.Code);
        Assert.Contains("not consistent", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_that_stays_away_is_tried_for_its_time_and_then_told_of_aloud()
    {
        int pings = 0;
        await using FakeAgent agent = Guest(2).Answers("guest-ping", _ => ++pings > 1 ? throw new IOException("the line is cut") : FakeAgent.Return("{}"));

        ProgramOutcome outcome = await new ProgramCall { Time = new JumpingTime() }.RunAsync("freeze", agent.Target, "--thaw-time", "60", "--", "true");

        Assert.Equal(125, outcome.Code);
        Assert.Contains("MAY STILL BE FROZEN", outcome.Error, StringComparison.Ordinal);
        Assert.Contains($"guestwire thaw {agent.Target}", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("do not trust what was copied meanwhile", outcome.Error, StringComparison.Ordinal);
        Assert.True(pings > 10);
    }

    [Fact]
    public async Task A_hook_that_fails_after_the_thaw_is_told_of_and_the_guest_is_thawed()
    {
        await using FakeAgent agent = Guest(2).Fails("guest-fsfreeze-thaw", "a hook failed").Returns("guest-fsfreeze-status", "\"thawed\"");

        ProgramOutcome outcome = await new ProgramCall().RunAsync("freeze", agent.Target, "--", "true");

        Assert.Equal(125, outcome.Code);
        Assert.Contains("a hook failed", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("STILL", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_takes_too_long_gets_a_SIGTERM_and_the_guest_thaws()
    {
        using TemporaryFolder folder = new();
        await using FakeAgent agent = Guest(2);

        ProgramOutcome outcome = await new ProgramCall().RunAsync("freeze", agent.Target, "--max-time", "0.01", "--", "tail", "-f", "/dev/null");

        Assert.Equal(124, outcome.Code);
        Assert.Equal(s_frozenAndThawed, CommandsOf(agent));
    }

    [Fact]
    public async Task Without_a_program_the_guest_stays_frozen_at_the_places_that_were_named()
    {
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-fsfreeze-freeze-list", "1");

        ProgramOutcome outcome = await new ProgramCall().RunAsync("freeze", agent.Target, "-m", "/srv", "-m", "/home");

        Assert.Equal((0, "1 filesystem frozen, until somebody thaws\n"), (outcome.Code, outcome.Text));
        Assert.Equal(["guest-fsfreeze-freeze-list"], CommandsOf(agent));
        Assert.Equal(["/srv", "/home"], ArgumentsOf(agent, "guest-fsfreeze-freeze-list").GetProperty("mountpoints").EnumerateArray().Select(path => path.GetString()!));
    }

    [Fact]
    public async Task The_status_is_asked_for_and_nothing_else()
    {
        await using FakeAgent agent = Guest(1).Returns("guest-fsfreeze-status", "\"frozen\"");

        Assert.Equal("frozen\n", (await new ProgramCall().RunAsync("freeze", agent.Target, "--status")).Text);
        Assert.Equal(["guest-fsfreeze-status"], CommandsOf(agent));
    }

    [Fact]
    public async Task A_thaw_says_how_many_were_frozen()
    {
        await using FakeAgent agent = Guest(3);

        Assert.Equal("3 filesystems thawed\n", (await new ProgramCall().RunAsync("thaw", agent.Target)).Text);
        Assert.Equal("""{"thawed":3}""", (await new ProgramCall().RunAsync("thaw", agent.Target, "--json")).Text.TrimEnd());
    }

    private static FakeAgent Guest(int filesystems, List<string>? order = null, string name = "")
    {
        return FakeAgent.Start().Answers("guest-fsfreeze-freeze", _ => Note("freeze")).Answers("guest-fsfreeze-thaw", _ => Note("thaw"));

        string Note(string what)
        {
            order?.Add($"{what} {name}");
            return FakeAgent.Return($"{filesystems}");
        }
    }
}
