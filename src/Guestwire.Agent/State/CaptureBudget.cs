namespace Guestwire.Agent.State;

/// <summary>The memory that the captured output of all programs may take together.</summary>
/// <param name="maxBytes">How much that is.</param>
/// <param name="makeRoom">Gives some back; false when it cannot.</param>
internal sealed class CaptureBudget(long maxBytes, Func<bool> makeRoom)
{
    private long _used;

    /// <summary>Takes up to so many bytes.</summary>
    /// <returns>How many there were.</returns>
    internal int Take(int wanted)
    {
        while (_used + wanted > maxBytes && makeRoom())
        {
        }

        int taken = (int)Math.Min(wanted, maxBytes - _used);
        _used += taken;
        return taken;
    }

    /// <summary>Gives bytes back.</summary>
    internal void Return(int count) => _used -= count;
}
