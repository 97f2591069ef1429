namespace Guestwire.Client.Tests.Links;

/// <summary>Time that passes when a test says so.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _now;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    internal void Pass(TimeSpan time) => Interlocked.Add(ref _now, (long)(time.TotalSeconds * TimestampFrequency));
}
