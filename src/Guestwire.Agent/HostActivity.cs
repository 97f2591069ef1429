namespace Guestwire.Agent;

/// <summary>When a host last asked for anything.</summary>
/// <param name="time">The clock.</param>
internal sealed class HostActivity(TimeProvider time)
{
    private long _last = time.GetTimestamp();

    /// <summary>The timestamp of the last request; may be read from any thread.</summary>
    internal long LastRequest => Volatile.Read(ref _last);

    /// <summary>A host asks for something, whatever it is.</summary>
    internal void RequestCame() => Volatile.Write(ref _last, time.GetTimestamp());
}
