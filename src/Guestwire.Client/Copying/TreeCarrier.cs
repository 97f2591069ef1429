namespace Guestwire.Client.Copying;

/// <summary>A way for many small things at once, where each by itself would cost too much.</summary>
internal abstract class TreeCarrier : IAsyncDisposable
{
    /// <summary>Whether directories go this way, so that what goes another way has to wait until all are there.</summary>
    internal abstract bool TakesDirectories { get; }

    /// <summary>Whether this goes this way.</summary>
    internal abstract bool Takes(CopyItem item);

    /// <summary>Whether links get there with the time of the journey for their own.</summary>
    internal abstract bool LosesTimesOfLinks { get; }

    /// <summary>Takes it along.</summary>
    /// <returns>False when it has to go another way after all.</returns>
    internal abstract Task<bool> AddAsync(CopyItem item);

    /// <summary>Brings what is still here to the other end.</summary>
    internal abstract Task FinishAsync();

    /// <summary>Gives up what is still here.</summary>
    public abstract ValueTask DisposeAsync();
}
