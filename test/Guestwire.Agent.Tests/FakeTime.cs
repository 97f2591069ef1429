namespace Guestwire.Agent.Tests;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class FakeTime : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    /// <summary>Moves the clock.</summary>
    internal void Advance(TimeSpan by) => _now += by.Ticks;
}
