using System.CommandLine;
using Guestwire.Cli.Paths;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Removes files of guests.</summary>
internal sealed class RmVerb : PathVerb
{
    private readonly Option<bool> _recursive = new("--recursive", "-r") { Description = "directories with all that is in them" };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "no error when there is no such file" };

    /// <inheritdoc/>
    internal override string Name => "rm";

    /// <inheritdoc/>
    internal override string Summary => "Remove files and directories of guests";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire rm web1:/tmp/dump.sql", "removes the file"),
        ("guestwire rm -r web1:/srv/old", "removes the directory with all that is in it"),
    ];

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        command.Options.Add(_recursive);
        command.Options.Add(_force);
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(GuestPath path, GuestPaths guests, ParseResult parsed, CancellationToken cancellation)
    {
        if (path.Name.Length == 0)
        {
            throw new UsageException($"{path}: the root directory is not removed");
        }

        GuestFiles files = await guests.FilesOfAsync(path, cancellation).ConfigureAwait(false);
        if (parsed.GetValue(_force) && await files.StatAsync(path.Path, follow: false, cancellation).ConfigureAwait(false) is null)
        {
            return ExitCode.Done;
        }

        await files.RemoveAsync(path.Path, parsed.GetValue(_recursive), cancellation).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
