using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-get-time, guest-set-time: the wall clock.</summary>
/// <param name="time">Tells the time.</param>
/// <param name="clock">Sets the time.</param>
/// <param name="log">Learns when there is no hardware clock to set.</param>
internal sealed class TimeCommands(TimeProvider time, IWallClock clock, IAgentLog log) : ITimeCommands
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long NanosecondsPerMicrosecond = 1_000;

    /// <summary>The start of 2070 in seconds since 1970. The reference takes years from 1970 to 2069.</summary>
    private const long EndOfYearsSeconds = 3_155_760_000;

    /// <inheritdoc/>
    public long GuestGetTime()
    {
        // In steps of a microsecond, like the reference's.
        long microseconds = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return microseconds * NanosecondsPerMicrosecond;
    }

    /// <inheritdoc/>
    public void GuestSetTime(GuestSetTimeArguments arguments)
    {
        if (arguments.Time is not long wanted)
        {
            clock.SetFromHardware();
            return;
        }

        // A fraction of a second before 1970 passes this check, as in the reference; the kernel then refuses it.
        long seconds = wanted / NanosecondsPerSecond;
        if (seconds is < 0 or >= EndOfYearsSeconds)
        {
            throw new QapiException("Invalid time");
        }

        long fraction = wanted % NanosecondsPerSecond;
        clock.Set(seconds, fraction - (fraction % NanosecondsPerMicrosecond));
        if (!clock.TrySetHardware())
        {
            log.Account("guest-set-time: the clock is set; there is no hardware clock to set along with it");
        }
    }
}
