using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-get-time, guest-set-time: the wall clock.</summary>
/// <param name="clock">The wall clock.</param>
internal sealed class TimeCommands(TimeProvider clock) : ITimeCommands
{
    /// <inheritdoc/>
    public long GuestGetTime()
    {
        // In steps of a microsecond, like the reference's.
        long microseconds = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return microseconds * TimeSpan.NanosecondsPerTick * TimeSpan.TicksPerMicrosecond;
    }

    /// <inheritdoc/>
    public void GuestSetTime(GuestSetTimeArguments arguments) => throw IPlatformCapabilities.NotSupported();
}
