using Guestwire.Cli.Tests.Completion;

namespace Guestwire.Cli.Tests.Terminals;

/// <summary>The TAB key in shells at a real terminal.</summary>
public sealed class CompletionTests
{
    private const string Prompt = "ready> ";

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Tab_completes_verbs_guests_and_files_in_them(string shell)
    {
        await using FakeAgent agent = Completion.CompletionTests.Guest();
        using TemporaryFolder folder = new();
        string configuration = folder.Write("config", $"[guests]\nweb1 = {agent.Target}\n");
        string program = Shell.WriteProgram(folder);
        await using TerminalSession terminal = TerminalSession.Start(
            CommandOf(shell, folder),
            ("PATH", $"{Path.GetDirectoryName(program)}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("HOME", folder.Path),
            ("GUESTWIRE_CONFIG", configuration),
            ("TERM", "dumb"));

        await TypeAsync(terminal, "guestwire pin\twe\t\n", "called<ping><web1>");
        await TypeAsync(terminal, "guestwire cat web1:/etc/hos\t\n", "called<cat><web1:/etc/hosts>");

        // The name of a guest is not the end of a path. Behind a folder there is no space, and the one in its name is quoted.
        await TypeAsync(terminal, "guestwire cat we\tetc/home\tx\n", "called<cat><web1:/etc/home dir/x>");
        await TypeAsync(terminal, $"guestwire cat {agent.Target}:/etc/hos\t\n", $"called<cat><{agent.Target}:/etc/hosts>");
    }

    private static async Task TypeAsync(TerminalSession terminal, string keys, string shown)
    {
        await terminal.SeeAsync(Prompt);
        await terminal.TypeAsync(keys);
        await terminal.SeeAsync(shown);
    }

    /// <summary>An interactive shell that has the script and nothing of the user's.</summary>
    private static string[] CommandOf(string shell, TemporaryFolder folder) => shell switch
    {
        "bash" => ["bash", "--noprofile", "--rcfile", folder.Write("bashrc", $"PS1='{Prompt}'\nsource <(guestwire completion bash)\n"), "-i"],
        "zsh" => [
            "env",
            $"ZDOTDIR={Path.GetDirectoryName(folder.Write(
                "zsh/.zshrc", $"PROMPT='{Prompt}'\nautoload -U compinit; compinit -D -u\nguestwire completion zsh > $HOME/script; source $HOME/script\n"))}",
            "zsh", "-d", "-i",
        ],
        _ => ["fish", "--no-config", "--init-command", $"function fish_prompt; echo -n '{Prompt}'; end; guestwire completion fish | source", "-i"],
    };
}
