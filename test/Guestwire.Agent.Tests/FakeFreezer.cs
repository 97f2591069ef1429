using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests;

/// <summary>Filesystems that exist only in the test. What is done is written down: <c>freeze /a</c>, <c>thaw /a</c>, and by the sweep <c>sweep /a</c>.</summary>
internal sealed class FakeFreezer : IFilesystemFreezer, IDisposable
{
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _gate = new(0);
    private readonly ManualResetEventSlim _kernel = new();
    private int _hanging;

    /// <summary>What was done; others may add what they do.</summary>
    internal List<string> Events { get; } = [];

    /// <summary>Mountpoints at which the sweep has looked.</summary>
    internal List<string> Swept { get; } = [];

    /// <summary>Mountpoints of what is frozen now.</summary>
    internal HashSet<string> Frozen { get; } = [];

    /// <summary>Mountpoints of what cannot be frozen.</summary>
    internal HashSet<string> Unfreezable { get; } = [];

    /// <summary>The mountpoint at which a freeze fails.</summary>
    internal string? Failing { get; set; }

    /// <summary>Whether a freeze waits for <see cref="Open"/>.</summary>
    internal bool IsGated { get; set; }

    /// <summary>The mountpoint at which a freeze hangs in the kernel until <see cref="LetGo"/>, having frozen what it could.</summary>
    internal string? HangingFreeze { get; set; }

    /// <summary>The mountpoint at which a thaw hangs until <see cref="LetGo"/>.</summary>
    internal string? HangingThaw { get; set; }

    /// <inheritdoc/>
    public IFrozenFilesystem? TryFreeze(IReadOnlyList<Mount> mounts)
    {
        if (IsGated)
        {
            _entered.Release();
            _gate.Wait();
        }

        string mountpoint = mounts[0].Mountpoint;
        if (mountpoint == HangingFreeze)
        {
            Hang();
        }

        if (mountpoint == Failing)
        {
            throw new QapiException($"failed to freeze {mountpoint}: Input/output error");
        }

        if (Unfreezable.Contains(mountpoint) || !Frozen.Add(mountpoint))
        {
            return null;
        }

        Events.Add($"freeze {mountpoint}");
        return new Held(this, mountpoint);
    }

    /// <inheritdoc/>
    public bool TryThaw(IReadOnlyList<Mount> mounts)
    {
        Swept.Add(mounts[0].Mountpoint);
        bool thawed = Frozen.Remove(mounts[0].Mountpoint);
        if (thawed)
        {
            Events.Add($"sweep {mounts[0].Mountpoint}");
        }

        return thawed;
    }

    /// <summary>Whether a freeze has come inside since the last time that it was asked.</summary>
    internal bool HasEntered() => _entered.Wait(0);

    /// <summary>How many calls hang.</summary>
    internal int Hanging => Volatile.Read(ref _hanging);

    /// <summary>The kernel comes back from what hung; from now on nothing hangs.</summary>
    internal void LetGo() => _kernel.Set();

    /// <summary>Lets one freeze go on.</summary>
    internal void Open() => _gate.Release();

    /// <inheritdoc/>
    public void Dispose()
    {
        // Whoever still waits may go.
        _gate.Release(16);
        _kernel.Set();
        _entered.Dispose();
    }

    private void Hang()
    {
        Interlocked.Increment(ref _hanging);
        _kernel.Wait();
        Interlocked.Decrement(ref _hanging);
    }

    private sealed class Held(FakeFreezer freezer, string mountpoint) : IFrozenFilesystem
    {
        public bool TryThaw()
        {
            if (mountpoint == freezer.HangingThaw)
            {
                freezer.Hang();
            }

            freezer.Events.Add($"thaw {mountpoint}");
            return freezer.Frozen.Remove(mountpoint);
        }

        public void Dispose()
        {
        }
    }
}
