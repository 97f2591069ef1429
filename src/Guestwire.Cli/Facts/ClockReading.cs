using System.Globalization;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Client;

namespace Guestwire.Cli.Facts;

/// <summary>A guest's clock beside ours, both at the same moment as far as one can know: the guest's reading was made between question and answer.</summary>
/// <param name="Guest">What the guest's clock showed, in nanoseconds since 1970 UTC.</param>
/// <param name="Host">What ours showed in the middle of the wait.</param>
/// <param name="RoundTrip">How long the answer took; half of it is how wrong the difference may be.</param>
internal sealed record ClockReading(long Guest, DateTimeOffset Host, TimeSpan RoundTrip)
{
    /// <summary>How far the guest's clock is ahead of ours; negative when it is behind.</summary>
    internal TimeSpan Offset => TimeSpan.FromTicks((Guest - NanosecondsOf(Host)) / TimeSpan.NanosecondsPerTick);

    /// <summary>The guest's time, in UTC.</summary>
    internal DateTimeOffset GuestTime => DateTimeOffset.UnixEpoch.AddTicks(Guest / TimeSpan.NanosecondsPerTick);

    /// <summary>Reads the guest's clock. The connection should be open: opening one takes longer than an answer.</summary>
    internal static async Task<ClockReading> ReadAsync(GuestClient guest, TimeProvider time, CancellationToken cancellation)
    {
        DateTimeOffset before = time.GetUtcNow();
        long began = time.GetTimestamp();
        long nanoseconds = await guest.GuestGetTimeAsync(cancellation).ConfigureAwait(false);
        TimeSpan roundTrip = time.GetElapsedTime(began);
        return new ClockReading(nanoseconds, before + (roundTrip / 2), roundTrip);
    }

    /// <summary>A time as the protocol has it.</summary>
    internal static long NanosecondsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>The guest's time as people there read it.</summary>
    internal string GuestText(TimeSpan zone) => HumanText.Time(GuestTime.ToOffset(zone));

    /// <summary>How far it is from ours, for people.</summary>
    internal string OffsetText => Offset.Duration() <= RoundTrip / 2
        ? "the same as the host's"
        : string.Create(CultureInfo.InvariantCulture, $"{Offset.Duration().TotalSeconds:0.000} s {(Offset > TimeSpan.Zero ? "ahead of" : "behind")} the host's");

    /// <summary>Writes it as JSON.</summary>
    internal void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("guest-ns", Guest);
        writer.WriteNumber("host-ns", NanosecondsOf(Host));
        writer.WritePropertyName("offset-seconds");
        writer.WriteRawValue(Offset.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture));
        writer.WritePropertyName("round-trip-seconds");
        writer.WriteRawValue(RoundTrip.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture));
        writer.WriteEndObject();
    }
}
