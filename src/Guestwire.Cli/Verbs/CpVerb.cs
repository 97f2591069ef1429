using System.CommandLine;
using Guestwire.Cli.Paths;
using Guestwire.Cli.Targets;
using Guestwire.Client;
using Guestwire.Client.Copying;
using Guestwire.Protocol;

namespace Guestwire.Cli.Verbs;

/// <summary>Copies files between this host and guests.</summary>
internal sealed class CpVerb : Verb
{
    private readonly GuestOptions _options = new();
    private readonly Argument<string[]> _paths = GuestPath.FromAndTo("PATH", "what to copy, and behind it where to; a path in a guest is GUEST:/PATH");

    private readonly Option<bool> _recursive = new("--recursive", "-r") { Description = "directories with all that is in them" };
    private readonly Option<bool> _owner = new("--owner", "-o") { Description = "keep owners and groups too, by their numbers" };
    private readonly Option<bool> _resume = new("--resume") { Description = "go on with what an earlier attempt of the same user left, after comparing checksums" };
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
        ("guestwire cp app.conf 'web*:/etc/app.conf'", "copies a file to several guests, at once"),
        ("guestwire cp -r web1:/srv/data web2:/srv/", "copies from one guest to another, through this host"),
    ];

    /// <inheritdoc/>
    internal override string Remarks =>
        """
        Modes and times are kept, symbolic links stay links, holes stay holes. A file gets its name when it is whole: whoever looks meanwhile sees the old
        one. Devices, sockets and pipes are left out, with a remark.

        As with cp, what is copied goes into the target when that is a directory, and becomes the target otherwise.

        Several guests are worked on at once, and what goes wrong in one does not keep the others from it.
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

        _options.AddParallel(command);
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
        GuestCopies[] copies = target is null
            ? await ToHostAsync(parsed, guests, [.. sources.Select(source => source.Guest!)], words[^1], cancellation).ConfigureAwait(false)
            : await ToGuestsAsync(parsed, guests, sources, target, cancellation).ConfigureAwait(false);
        CopyReport report = new(surroundings, parsed.GetValue(_options.Json), parsed.GetValue(_quiet));
        return copies is [GuestCopies one] && !(target is not null && TargetResolver.IsPattern(target.Guest))
            ? await report.RunAsync(one, cancellation).ConfigureAwait(false)
            : await report.RunAsync(copies, parsed.GetValue(_options.Parallel), cancellation).ConfigureAwait(false);
    }

    /// <summary>What is to be copied out of each guest.</summary>
    private async Task<GuestCopies[]> ToHostAsync(
        ParseResult parsed, GuestPaths guests, GuestPath[] sources, string target, CancellationToken cancellation)
    {
        List<(Target Guest, GuestPath Path)> found = [];
        foreach (GuestPath source in sources)
        {
            found.Add((await guests.TargetOfAsync(source, cancellation).ConfigureAwait(false), source));
        }

        RefuseSameNames(found);
        if (sources.Length > 1 && !Directory.Exists(target))
        {
            throw GuestPath.NoDirectory(target);
        }

        return [.. found.GroupBy(source => source.Guest.Transport).Select(group =>
        {
            GuestClient from = guests.ClientOf(group.First().Guest);
            return new GuestCopies(group.First().Guest.Name, [.. group.Select(source => (source.Path.ToString(), target, (GuestCopies.Copy)((progress, stop) =>
                Copy(parsed, progress).ToHostAsync(from, source.Path.Path, target, stop))))]);
        })];
    }

    /// <summary>What is to be copied into each guest.</summary>
    private async Task<GuestCopies[]> ToGuestsAsync(
        ParseResult parsed, GuestPaths guests, (GuestPath? Guest, string Text)[] sources, GuestPath target, CancellationToken cancellation)
    {
        List<(string Text, string Path, GuestClient? From)> found = [];
        foreach ((GuestPath? guest, string text) in sources)
        {
            found.Add((text, guest?.Path ?? text, guest is null ? null : await guests.ClientOfAsync(guest, cancellation).ConfigureAwait(false)));
        }

        return [.. (await guests.ResolveAsync(target.Guest, cancellation).ConfigureAwait(false)).Select(place =>
        {
            GuestClient to = guests.ClientOf(place);
            IEnumerable<(string, string, GuestCopies.Copy)> each = found.Select(source => (source.Text, $"{place.Name}:{target.Path}", (GuestCopies.Copy)((progress, stop) =>
                source.From is null
                    ? Copy(parsed, progress).ToGuestAsync(source.Path, to, target.Path, stop)
                    : Copy(parsed, progress).BetweenGuestsAsync(source.From, source.Path, to, target.Path, stop))));
            return new GuestCopies(place.Name, [.. each], found.Count > 1 ? stop => RequireDirectoryAsync(to, target, stop) : null);
        })];
    }

    private static async Task RequireDirectoryAsync(GuestClient guest, GuestPath path, CancellationToken cancellation)
    {
        GuestFiles files = await guest.GetFilesAsync(cancellation).ConfigureAwait(false);
        if ((await files.StatAsync(path.Path, cancellation: cancellation).ConfigureAwait(false))?.Type != GuestwireFileType.Directory)
        {
            throw GuestPath.NoDirectory(path.ToString());
        }
    }

    /// <summary>Refuses what several guests would write to one place, at once.</summary>
    private static void RefuseSameNames(List<(Target Guest, GuestPath Path)> sources)
    {
        foreach (IGrouping<string, (Target Guest, GuestPath Path)> name in sources.GroupBy(source => CopyPath.NameOf(source.Path.Path)))
        {
            if (name.Select(source => source.Guest.Transport).Distinct().Count() > 1)
            {
                throw new UsageException($"{string.Join(" and ", name.Select(source => source.Path))} would go to the same place; copy them one by one");
            }
        }
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
