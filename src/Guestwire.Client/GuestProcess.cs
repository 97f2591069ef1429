namespace Guestwire.Client;

/// <summary>A program that runs in a guest. Its end is forgotten by the agent once <see cref="WaitAsync"/> or <see cref="ReadOutputAsync"/> has seen it.</summary>
/// <remarks>One may write its input while another reads its output.</remarks>
public abstract class GuestProcess : IAsyncDisposable
{
    private readonly TaskCompletionSource<GuestExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isRead;

    private protected GuestProcess()
    {
    }

    /// <summary>Its number in the guest; 0 while it waits for its input.</summary>
    public abstract long Id { get; }

    /// <summary>Whether its output comes as it is written, and its input goes as it is given; else all of it comes at the end, or goes at the start.</summary>
    public abstract bool IsStreaming { get; }

    /// <summary>What it writes, as it comes, until it has ended and nobody holds its output open. Can be called once.</summary>
    /// <exception cref="Protocol.QapiException">The agent has forgotten the program: it was started anew, or somebody else asked for its end.</exception>
    /// <exception cref="IOException">The agent cannot be reached.</exception>
    /// <exception cref="TimeoutException">The agent does not answer.</exception>
    public abstract IAsyncEnumerable<GuestOutput> ReadOutputAsync(CancellationToken cancellation = default);

    /// <summary>How it ended; what it wrote and nobody read is dropped.</summary>
    public async Task<GuestExit> WaitAsync(CancellationToken cancellation = default)
    {
        if (!IsRead)
        {
            await foreach (GuestOutput dropped in ReadOutputAsync(cancellation).ConfigureAwait(false))
            {
                _ = dropped;
            }
        }

        return await _exit.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives it something to read.</summary>
    /// <returns>False when it does not read any more.</returns>
    public abstract ValueTask<bool> WriteInputAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default);

    /// <summary>Ends its input.</summary>
    public abstract ValueTask CompleteInputAsync(CancellationToken cancellation = default);

    /// <summary>Sends a signal to it and to its process group.</summary>
    /// <param name="signal">Its number: 2 interrupts, 9 kills, 15 asks to end.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public abstract Task SignalAsync(int signal, CancellationToken cancellation = default);

    /// <summary>Leaves the program to itself; it goes on.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether somebody reads what it writes.</summary>
    private protected bool IsRead
    {
        get => _isRead;
        set => _isRead = value;
    }

    /// <summary>It has ended; whoever waits is told.</summary>
    private protected void Ended(GuestExit exit) => _exit.TrySetResult(exit);
}
