namespace Guestwire.Client.Programs;

/// <summary>Requests that may be sent again when their reply got lost: the agent was away for a moment, or the connection broke.</summary>
internal static class Repetition
{
    /// <summary>How often a request is sent until its reply has to come.</summary>
    private const int MaxTries = 3;

    /// <summary>Asks, and asks again.</summary>
    /// <exception cref="IOException">The agent cannot be reached.</exception>
    /// <exception cref="TimeoutException">The agent does not answer.</exception>
    internal static async Task<T> RunAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await ask().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or TimeoutException && tries < MaxTries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 * tries), cancellation).ConfigureAwait(false);
            }
        }
    }
}
