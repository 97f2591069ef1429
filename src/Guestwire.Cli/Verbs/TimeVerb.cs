using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Guestwire.Cli.Facts;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Shows a guest's clock beside the host's, and sets it.</summary>
internal sealed class TimeVerb : GuestVerb
{
    private readonly Option<bool> _sync = new("--sync") { Description = "set the guest's clock to the host's time" };
    private readonly Option<string?> _set = new("--set") { Description = "set the guest's clock, such as 2026-07-01T12:00:00+02:00 (UTC without an offset) or @SECONDS since 1970", HelpName = "TIME" };

    /// <inheritdoc/>
    internal override string Name => "time";

    /// <inheritdoc/>
    internal override string Summary => "Show the clock of a guest beside the host's, or set it";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire time web1", "prints the guest's time, the host's, and how far they are apart"),
        ("guestwire time --sync --all", "sets the clocks of all running guests to the host's time, after the host has slept"),
    ];

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        command.Options.Add(_sync);
        command.Options.Add(_set);
    }

    /// <inheritdoc/>
    private protected override void Check(ParseResult parsed)
    {
        if (Wanted(parsed) is not null && parsed.GetValue(_sync))
        {
            throw new UsageException("--sync and --set cannot both be meant");
        }
    }

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        TimeProvider time = Surroundings.Of(parsed).Time;

        // Opens the connection, so that what follows takes no longer than the wire.
        GuestQuestions questions = await GuestQuestions.BeginAsync(guest, cancellation).ConfigureAwait(false);
        if (Wanted(parsed) is { } wanted)
        {
            await guest.GuestSetTimeAsync(ClockReading.NanosecondsOf(wanted), cancellation).ConfigureAwait(false);
        }
        else if (parsed.GetValue(_sync))
        {
            await guest.GuestSetTimeAsync(ClockReading.NanosecondsOf(time.GetUtcNow()), cancellation).ConfigureAwait(false);
        }

        ClockReading clock = await ClockReading.ReadAsync(guest, time, cancellation).ConfigureAwait(false);
        return new Result(clock, await questions.AskAsync("guest-get-timezone", () => guest.GuestGetTimezoneAsync(cancellation)).ConfigureAwait(false));
    }

    private DateTimeOffset? Wanted(ParseResult parsed)
    {
        string? text = parsed.GetValue(_set);
        if (text is null)
        {
            return null;
        }

        return text.StartsWith('@') && double.TryParse(text.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds < 9e9
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) && time >= DateTimeOffset.UnixEpoch
                ? time
                : throw new UsageException($"--set wants a time such as 2026-07-01T12:00:00+02:00 or @SECONDS, not '{text}'");
    }

    private sealed class Result(ClockReading clock, Answer<GuestTimezone> zone) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console)
        {
            TimeSpan offset = TimeSpan.FromSeconds(zone.Value?.Offset ?? 0);
            Page page = new();
            page.Add("guest", $"{clock.GuestText(offset)}{(zone.Value?.Zone is { Length: > 0 } name ? $" ({name})" : "")}");
            page.Add("host", HumanText.Time(clock.Host.ToOffset(offset)));
            page.Add("offset", clock.OffsetText);
            page.Write(console);
        }

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer) => clock.WriteJson(writer);
    }
}
