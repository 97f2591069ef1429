using System.Text;
using Guestwire.Cli.Programs;
using Guestwire.Client.Interop;
using static Guestwire.Cli.Tests.Programs.ExecReplies;

namespace Guestwire.Cli.Tests.Terminals;

/// <summary>The prompt for a password, at a real terminal.</summary>
public sealed class PasswordTests
{
    [Fact]
    public async Task A_terminal_does_not_show_a_password_and_is_afterwards_as_it_was()
    {
        await using FakeAgent agent = Guest();
        await using TerminalSession terminal = TerminalSession.StartGuestwire(["passwd", agent.Target, "alice"]);

        await terminal.SeeAsync("of alice: ");
        Assert.False(terminal.ShowsTyping);
        await terminal.TypeAsync("sekret wörd\n");
        await terminal.SeeAsync("Once more: ");
        Assert.False(terminal.ShowsTyping);
        await terminal.TypeAsync("sekret wörd\n");

        Assert.Equal(0, await terminal.EndAsync());
        Assert.Equal("sekret wörd", Encoding.UTF8.GetString(ArgumentsOf(agent, "guest-set-user-password").GetProperty("password").GetBytesFromBase64()));
        Assert.DoesNotContain("sekret", terminal.Shown, StringComparison.Ordinal);
        AssertRestored(terminal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("half of it")]
    public async Task After_Ctrl_C_nothing_is_changed_and_the_terminal_is_as_it_was(string typed)
    {
        await using FakeAgent agent = Guest();
        await using TerminalSession terminal = TerminalSession.StartGuestwire(["passwd", agent.Target, "alice"]);
        await terminal.SeeAsync("of alice: ");

        await terminal.TypeAsync(typed + "\u0003");

        Assert.Equal(SignalNumbers.ExitCodeOf(SignalNumbers.Interrupt), await terminal.EndAsync());
        Assert.Empty(CommandsOf(agent));
        Assert.DoesNotContain("half", terminal.Shown, StringComparison.Ordinal);
        AssertRestored(terminal);
    }

    [Fact]
    public async Task The_end_of_input_at_the_prompt_changes_nothing()
    {
        await using FakeAgent agent = Guest();
        await using TerminalSession terminal = TerminalSession.StartGuestwire(["passwd", agent.Target, "alice"]);
        await terminal.SeeAsync("of alice: ");

        await terminal.TypeAsync("\u0004");

        Assert.Equal(ExitCode.Usage, await terminal.EndAsync());
        Assert.Empty(CommandsOf(agent));
        AssertRestored(terminal);
    }

    private static FakeAgent Guest() => FakeAgent.Start().Returns("guest-set-user-password", "{}");

    private static void AssertRestored(TerminalSession terminal)
    {
        Libc.Termios after = terminal.Settings;
        Assert.Equal(
            (terminal.Before.InputFlags, terminal.Before.OutputFlags, terminal.Before.ControlFlags, terminal.Before.LocalFlags),
            (after.InputFlags, after.OutputFlags, after.ControlFlags, after.LocalFlags));
        Assert.True(terminal.ShowsTyping);
    }
}
