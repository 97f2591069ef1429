using System.CommandLine;

namespace Guestwire.Cli.Verbs;

/// <summary>Prints what makes a shell complete our command lines.</summary>
internal sealed class CompletionVerb : Verb
{
    private readonly Argument<string> _shell = new("shell") { Description = "bash, zsh or fish", HelpName = "SHELL" };

    /// <inheritdoc/>
    internal override string Name => "completion";

    /// <inheritdoc/>
    internal override string Summary => "Print a script that makes a shell complete verbs, options, guests and files in guests";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("source <(guestwire completion bash)", "completes in this shell; in ~/.bashrc, in every one"),
        ("guestwire completion zsh > ~/.zfunc/_guestwire", "for zsh, in a folder that is in fpath"),
        ("guestwire completion fish > ~/.config/fish/completions/guestwire.fish", "for fish"),
    ];

    /// <inheritdoc/>
    private protected override void Declare(Command command)
    {
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        command.Arguments.Add(_shell);
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using StreamReader script = new(typeof(CompletionVerb).Assembly.GetManifestResourceStream($"guestwire.{parsed.GetValue(_shell)}")!);
        await Surroundings.Of(parsed).Output.WriteAsync(await script.ReadToEndAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
