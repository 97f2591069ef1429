using System.CommandLine;
using Guestwire.Cli.Paths;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Makes directories in guests.</summary>
internal sealed class MkdirVerb : PathVerb
{
    private readonly Option<bool> _parents = new("--parents", "-p") { Description = "also what is missing above it; no error when it exists" };
    private readonly Option<string> _mode = new("--mode", "-m") { Description = "its permissions", HelpName = "MODE", DefaultValueFactory = _ => "0755" };

    /// <inheritdoc/>
    internal override string Name => "mkdir";

    /// <inheritdoc/>
    internal override string Summary => "Make directories in guests";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
        [("guestwire mkdir -p web1:/srv/www/static", "makes the directory and what is missing above it")];

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        command.Options.Add(_parents);
        command.Options.Add(_mode);
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(GuestPath path, GuestPaths guests, ParseResult parsed, CancellationToken cancellation)
    {
        int mode = ModeText.Apply(parsed.GetValue(_mode)!, 0x1ED, isDirectory: true);
        GuestFiles files = await guests.FilesOfAsync(path, cancellation).ConfigureAwait(false);
        await files.MakeDirectoryAsync(path.Path, mode, parsed.GetValue(_parents), cancellation).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
