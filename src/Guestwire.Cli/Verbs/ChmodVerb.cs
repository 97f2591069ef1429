using System.CommandLine;
using Guestwire.Cli.Paths;
using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Verbs;

/// <summary>Changes permissions of files of guests.</summary>
internal sealed class ChmodVerb : PathVerb
{
    private readonly Argument<string> _mode = new("mode") { Description = "the permissions: 0644, or u+x,go-w", HelpName = "MODE" };
    private readonly Option<bool> _recursive = new("--recursive", "-R") { Description = "directories with all that is in them; links are left alone" };

    /// <inheritdoc/>
    internal override string Name => "chmod";

    /// <inheritdoc/>
    internal override string Summary => "Change permissions of files of guests";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire chmod 0600 web1:/etc/app/secret", "nobody but the owner may read it"),
        ("guestwire chmod -R u+rwX,go-w web1:/srv/www", "as chmod(1) does, the whole tree"),
    ];

    /// <inheritdoc/>
    private protected override void DeclareFirst(Command command) => command.Arguments.Add(_mode);

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command) => command.Options.Add(_recursive);

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(GuestPath path, GuestPaths guests, ParseResult parsed, CancellationToken cancellation)
    {
        string mode = parsed.GetValue(_mode)!;
        ModeText.Apply(mode, 0, isDirectory: false);
        GuestFiles files = await guests.FilesOfAsync(path, cancellation).ConfigureAwait(false);
        GuestwireFileStatus status = await files.StatAsync(path.Path, cancellation: cancellation).ConfigureAwait(false)
            ?? throw path.Missing();
        await ChangeAsync(files, path.Path, status, mode, parsed.GetValue(_recursive), cancellation).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task ChangeAsync(
        GuestFiles files, string path, GuestwireFileStatus status, string mode, bool recursive, CancellationToken cancellation)
    {
        int changed = ModeText.Apply(mode, (int)status.Mode, status.Type == GuestwireFileType.Directory);
        await files.SetAttributesAsync(path, new GuestFileAttributes { Mode = changed }, cancellation).ConfigureAwait(false);
        if (!recursive || status.Type != GuestwireFileType.Directory)
        {
            return;
        }

        foreach (GuestwireDirectoryEntry entry in await files.ListAsync(path, cancellation).ConfigureAwait(false))
        {
            if (entry.Status.Type != GuestwireFileType.Symlink)
            {
                await ChangeAsync(files, $"{path.TrimEnd('/')}/{entry.Name}", entry.Status, mode, recursive, cancellation).ConfigureAwait(false);
            }
        }
    }
}
