using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests;

/// <summary>A disk that takes as long as the test wants: guest-get-fsinfo waits for the gate, on the worker's thread.</summary>
internal sealed class GatedStorage : IStorageFacts, IDisposable
{
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _gate = new(0);

    /// <inheritdoc/>
    public IReadOnlyList<GuestFilesystemInfo> ListFilesystems()
    {
        _entered.Release();
        _gate.Wait();
        return [];
    }

    /// <inheritdoc/>
    public IReadOnlyList<GuestDiskInfo> ListDisks() => [];

    /// <inheritdoc/>
    public IReadOnlyList<GuestDiskStatsInfo> ReadDiskCounters() => throw new InvalidOperationException("a bug");

    /// <summary>Waits until a command is inside.</summary>
    internal void WaitUntilEntered() => _entered.Wait();

    /// <summary>Lets one command go on.</summary>
    internal void Open() => _gate.Release();

    /// <inheritdoc/>
    public void Dispose()
    {
        // Whoever still waits may go.
        _gate.Release(16);
        _entered.Dispose();
    }
}
