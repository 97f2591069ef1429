using System.CommandLine;
using Guestwire.Cli.Paths;
using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Copies files between this host and guests.</summary>
internal sealed class CpVerb : Verb
{
    private readonly GuestOptions _options = new();
    private readonly Argument<string[]> _paths = new("path")
    {
        Description = "what to copy, and behind it where to; a path in a guest is GUEST:/PATH",
        HelpName = "PATH",
        Arity = new ArgumentArity(2, 100_000),
    };

    private readonly Option<bool> _recursive = new("--recursive", "-r") { Description = "directories with all that is in them" };
    private readonly Option<bool> _owner = new("--owner", "-o") { Description = "keep owners and groups too, by their numbers" };
    private readonly Option<bool> _resume = new("--resume") { Description = "go on with what an earlier attempt left, after comparing checksums" };
    private readonly Option<bool> _checksum = new("--checksum") { Description = "compare checksums of both ends before a copy gets its name" };
    private readonly Option<bool> _stop = new("--stop") { Description = "end with the first error; else the rest goes on" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "no progress and no summary" };

    /// <inheritdoc/>
    internal override string Name => "cp";

    /// <inheritdoc/>
    internal override string Summary => "Copy files and directories between this host and guests";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire cp web1:/var/log/syslog .", "copies a file of web1 into this folder"),
        ("guestwire cp -r ./site web1:/srv/", "copies the folder to /srv/site of web1"),
        ("guestwire cp --resume --checksum disk.img web1:/var/tmp/", "goes on with a copy that broke off, and makes sure of it"),
        ("guestwire cp app.conf 'web*:/etc/app.conf'", "copies a file to several guests"),
        ("guestwire cp -r web1:/srv/data web2:/srv/", "copies from one guest to another, through this host"),
    ];

    /// <inheritdoc/>
    internal override string Remarks =>
        """
        Modes and times are kept, symbolic links stay links, holes stay holes. A file gets its name when it is whole: whoever looks meanwhile sees the old
        one. Devices, sockets and pipes are left out, with a remark.

        As with cp, what is copied goes into the target when that is a directory, and becomes the target otherwise.
        """;

    /// <inheritdoc/>
    internal override bool TakesGuestPaths => true;

    /// <inheritdoc/>
    private protected override void Declare(Command command)
    {
        command.Arguments.Add(_paths);
        foreach (Option option in (Option[])[_recursive, _owner, _resume, _checksum, _stop, _quiet])
        {
            command.Options.Add(option);
        }

        _options.AddPatience(command);
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string[] words = parsed.GetValue(_paths)!;
        (GuestPath? Guest, string Text)[] sources = [.. words[..^1].Select(word => (GuestPath.TryParse(word), word))];
        GuestPath? target = GuestPath.TryParse(words[^1]);
        if (target is null && sources.Any(source => source.Guest is null))
        {
            throw new UsageException("this copies between this host and guests: one of the two has to be GUEST:/PATH");
        }

        Surroundings surroundings = Surroundings.Of(parsed);
        await using GuestPaths guests = new(surroundings.Guests, GuestRun.ClientOptions(_options, parsed));
        IReadOnlyList<Target> targets = target is null ? [] : await guests.ResolveAsync(target.Guest, cancellation).ConfigureAwait(false);
        CopyReport report = new(surroundings, parsed.GetValue(_options.Json), parsed.GetValue(_quiet));
        return await report.RunAsync(async progress =>
        {
            foreach ((GuestPath? guest, string text) in sources)
            {
                GuestClient? from = guest is null ? null : await guests.ClientOfAsync(guest, cancellation).ConfigureAwait(false);
                string source = guest?.Path ?? text;
                if (target is null)
                {
                    report.Add(text, words[^1], await Copy(parsed, progress).ToHostAsync(from!, source, words[^1], cancellation).ConfigureAwait(false));
                }

                foreach (Target place in targets)
                {
                    GuestClient to = guests.ClientOf(place);
                    GuestCopy copy = Copy(parsed, progress);
                    report.Add(text, $"{place.Name}:{target!.Path}", from is null
                        ? await copy.ToGuestAsync(source, to, target.Path, cancellation).ConfigureAwait(false)
                        : await copy.BetweenGuestsAsync(from, source, to, target.Path, cancellation).ConfigureAwait(false));
                }
            }
        }).ConfigureAwait(false);
    }

    private GuestCopy Copy(ParseResult parsed, IProgress<GuestCopyProgress>? progress) => new(new GuestCopyOptions
    {
        Recursive = parsed.GetValue(_recursive),
        KeepsOwners = parsed.GetValue(_owner),
        Resumes = parsed.GetValue(_resume),
        Verifies = parsed.GetValue(_checksum),
        StopsAtFirstError = parsed.GetValue(_stop),
        Progress = progress,
    });
}
