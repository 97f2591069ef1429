using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Freezing;
using Guestwire.Cli.Output;
using Guestwire.Cli.Programs;
using Guestwire.Cli.Targets;
using Guestwire.Client;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Holds the filesystems of guests still.</summary>
internal sealed class FreezeVerb : Verb
{
    /// <summary>Seconds that a freeze or a thaw may take: it writes out what is dirty, and hooks may stop databases.</summary>
    internal const double Patience = 300;

    private readonly Argument<string[]> _words = GuestOptions.Guests();
    private readonly GuestOptions _options = new();
    private readonly Option<string[]> _mountpoints = new("--mountpoint", "-m") { Description = "freeze only the filesystem that is mounted there; may be repeated", HelpName = "MOUNTPOINT" };
    private readonly Option<bool> _status = new("--status") { Description = "say whether filesystems are frozen, and do nothing" };
    private readonly Option<double?> _limit = new("--max-time") { Description = "seconds that the program may take: then it gets SIGTERM, and the guests are thawed", HelpName = "SECONDS" };
    private readonly Option<double> _thawTime = new("--thaw-time") { Description = "seconds to go on trying to thaw a guest that does not answer", HelpName = "SECONDS", DefaultValueFactory = _ => 120 };

    /// <inheritdoc/>
    internal override string Name => "freeze";

    /// <inheritdoc/>
    internal override string Summary => "Hold the filesystems of guests still, alone or while a program runs on this host";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire freeze web1 -- zfs snapshot tank/web1@now", "takes a snapshot while web1 writes nothing, and thaws web1 whatever happens"),
        ("guestwire freeze app1 db1 --max-time 10 -- ./snapshot-both", "freezes app1, then db1, runs the script for ten seconds at most, thaws db1, then app1"),
        ("guestwire freeze web1 --mountpoint /srv", "freezes one filesystem and leaves it frozen: thaw it with guestwire thaw web1"),
        ("guestwire freeze --status --all", "says which guests are frozen"),
    ];

    /// <inheritdoc/>
    internal override string ExitCodes =>
        $"without a program {ExitCode.Explanation}. With a program: that of the program, 128+N when signal N killed it; 124 it took longer than --max-time; "
        + "125 a guest could not be frozen or thawed, or had been thawed before the program ended; 126 the program cannot be run; 127 there is no such program";

    /// <inheritdoc/>
    internal override string Remarks =>
        """
        With a program behind two dashes, the guests are frozen one after another as they were named, the program runs on this host, and the guests
        are thawed in reverse. If one of them does not freeze, nothing runs. They are thawed also when the program fails or is killed, when SIGINT,
        SIGTERM or SIGHUP comes (the program gets it too, and SIGKILL five seconds later), and when the connection breaks: then it is opened
        again, for as long as --thaw-time says. Only SIGKILL leaves guests frozen; an agent with a time limit for freezes thaws by itself.

        When a guest had thawed before the program ended, the exit code is 125 though the program did well: what it copied is not consistent.

        Without a program the guests stay frozen until they are thawed.
        """;

    /// <inheritdoc/>
    internal override bool HandlesSignals => true;

    /// <inheritdoc/>
    private protected override void Declare(Command command)
    {
        _words.HelpName = "GUEST... [-- PROGRAM]";
        command.Arguments.Add(_words);
        _options.AddTo(command);
        _options.Timeout.DefaultValueFactory = _ => Patience;
        _limit.Accept(seconds => seconds is > 0 and <= GuestOptions.MaxSeconds, $"seconds, more than 0 and at most {GuestOptions.MaxSeconds}");
        _thawTime.Accept(seconds => seconds is >= 0 and <= GuestOptions.MaxSeconds, $"seconds, 0 to {GuestOptions.MaxSeconds}");
        foreach (Option option in (Option[])[_mountpoints, _status, _limit, _thawTime])
        {
            command.Options.Add(option);
        }
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        (string[] names, string[] words) = CommandWords.Split(parsed, parsed.GetValue(_words) ?? []);
        bool isQuestion = parsed.GetValue(_status);
        if (isQuestion && words.Length > 0)
        {
            throw new UsageException("--status runs no program");
        }

        if (parsed.GetValue(_limit) is not null && words.Length == 0)
        {
            throw new UsageException("--max-time is about a program: write it behind two dashes");
        }

        using SignalInbox signals = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(signals.First, cancellation);
        try
        {
            GuestRun run = await GuestRun.PrepareAsync(_options, parsed, names, stop.Token).ConfigureAwait(false);
            return isQuestion ? await run.ForEachAsync(AskAsync, stop.Token).ConfigureAwait(false)
                : words.Length == 0 ? await run.ForEachAsync((guest, ended) => FreezeAsync(guest, parsed, ended), stop.Token).ConfigureAwait(false)
                : await Moment(run, parsed).RunAsync(HostCommand.Find(words[0], words[1..]), signals, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (signals.FirstNumber != 0)
        {
            return SignalNumbers.ExitCodeOf(signals.FirstNumber);
        }
    }

    private FrozenMoment Moment(GuestRun run, ParseResult parsed) => new(
        run,
        parsed.GetValue(_mountpoints) ?? [],
        parsed.GetValue(_limit) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        TimeSpan.FromSeconds(parsed.GetValue(_thawTime)),
        Surroundings.Of(parsed));

    private static async Task<VerbResult> AskAsync(GuestClient guest, CancellationToken cancellation) =>
        new Status(await guest.GuestFsfreezeStatusAsync(cancellation).ConfigureAwait(false));

    private async Task<VerbResult> FreezeAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        FrozenGuest frozen = new(
            guest, guest.Transport.ToString(), TimeSpan.FromSeconds(parsed.GetValue(_thawTime)), Surroundings.Of(parsed).Time);
        await frozen.FreezeAsync(parsed.GetValue(_mountpoints) ?? [], cancellation).ConfigureAwait(false);
        return new Frozen(frozen.Count);
    }

    private sealed class Status(GuestFsfreezeStatus status) : VerbResult
    {
        private string Word => status == GuestFsfreezeStatus.Frozen ? "frozen" : "thawed";

        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console) => console.WriteLine(Word);

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteString("status", Word);
            writer.WriteEndObject();
        }
    }

    private sealed class Frozen(long count) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console) =>
            console.WriteLine($"{FilesystemCount.Text(count)} frozen, until somebody thaws");

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteNumber("frozen", count);
            writer.WriteEndObject();
        }
    }
}
