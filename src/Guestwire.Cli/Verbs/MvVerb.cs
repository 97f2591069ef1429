using System.CommandLine;
using Guestwire.Cli.Paths;
using Guestwire.Cli.Targets;
using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Verbs;

/// <summary>Gives files of a guest other names.</summary>
internal sealed class MvVerb : Verb
{
    private readonly GuestOptions _options = new();
    private readonly Argument<string[]> _paths = GuestPath.FromAndTo(
        "GUEST:/PATH", "files, and behind them the new name or a directory; the last may leave the guest out");

    private readonly Option<bool> _keep = new("--no-clobber", "-n") { Description = "do not replace what is there" };

    /// <inheritdoc/>
    internal override string Name => "mv";

    /// <inheritdoc/>
    internal override string Summary => "Rename or move files within a guest";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire mv web1:/etc/app.conf.new /etc/app.conf", "replaces one file by another in one step"),
        ("guestwire mv web1:/tmp/a web1:/tmp/b web1:/srv", "moves both into the directory"),
    ];

    /// <inheritdoc/>
    internal override string Remarks => "Within one filesystem. To move between filesystems or guests, copy with cp and remove with rm.";

    /// <inheritdoc/>
    internal override bool TakesGuestPaths => true;

    /// <inheritdoc/>
    private protected override void Declare(Command command)
    {
        command.Arguments.Add(_paths);
        command.Options.Add(_keep);
        _options.AddPatience(command);
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string[] words = parsed.GetValue(_paths)!;
        GuestPath[] sources = [.. words[..^1].Select(GuestPath.Parse)];
        GuestPath target = words[^1].StartsWith('/') ? new GuestPath(sources[0].Guest, words[^1]) : GuestPath.Parse(words[^1]);
        if (sources.FirstOrDefault(source => source.Guest != target.Guest) is { } stranger)
        {
            throw new UsageException($"{stranger} and {target} are in different guests; copy with cp, then remove with rm");
        }

        await using GuestPaths guests = new(Surroundings.Of(parsed).Guests, GuestRun.ClientOptions(_options, parsed));
        GuestFiles files = await guests.FilesOfAsync(target, cancellation).ConfigureAwait(false);
        GuestwireFileStatus? status = await files.StatAsync(target.Path, cancellation: cancellation).ConfigureAwait(false);
        bool isFolder = status?.Type == GuestwireFileType.Directory;
        if (!isFolder && sources.Length > 1)
        {
            throw GuestPath.NoDirectory(target.ToString());
        }

        foreach (GuestPath source in sources)
        {
            string to = isFolder ? $"{target.Path.TrimEnd('/')}/{source.Name}" : target.Path;
            await files.RenameAsync(source.Path, to, !parsed.GetValue(_keep), cancellation).ConfigureAwait(false);
        }

        return ExitCode.Done;
    }
}
