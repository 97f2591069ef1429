using System.Runtime.Versioning;

namespace Guestwire.Agent.State;

/// <summary>
/// Keeps the agent itself away from all disks while filesystems are frozen: a write by the loop would hang the agent, and nobody could tell
/// it to thaw. So first the policy closes, then the loop finishes what it is doing, then the log holds its lines, and only then the first
/// filesystem freezes. Guarded by the lock of whoever freezes.
/// </summary>
/// <param name="marker">Outlives the agent.</param>
/// <param name="state">Closes the policy.</param>
/// <param name="log">Holds its lines meanwhile.</param>
/// <param name="waitForLoop">Returns when the loop has finished what it was doing, or is over.</param>
[SupportedOSPlatform("linux")]
internal sealed class DiskSilence(FreezeMarker marker, FreezeState state, IAgentLog log, Action waitForLoop)
{
    private readonly List<Action> _whenOver = [];

    /// <summary>Whether only commands run that touch no disk.</summary>
    internal bool IsFrozen => state.IsFrozen;

    /// <summary>Whether lines and actions that touch a disk wait.</summary>
    internal bool IsKept { get; private set; }

    /// <summary>What a dead agent has left.</summary>
    internal MarkerStatus ReadMarker() => marker.Read();

    /// <summary>From here on the next agent would have something to thaw, if only hooks: should this one die.</summary>
    internal void Mark()
    {
        if (marker.Set() is string failure)
        {
            log.Log(LogLevel.Warning, $"{failure}; should the agent die, nobody will thaw");
        }
    }

    /// <summary>The opposite of <see cref="Mark"/>, unless a disk still may not be touched.</summary>
    internal void Unmark()
    {
        if (!IsKept)
        {
            marker.Remove();
        }
    }

    /// <summary>From here on neither loop nor log touch a disk.</summary>
    internal void Begin()
    {
        state.IsFrozen = true;
        waitForLoop();
        Keep();
    }

    /// <summary>The same with a marker of somebody else's.</summary>
    internal void Inherit()
    {
        state.IsFrozen = true;
        Keep();
    }

    /// <summary>Gives hosts their commands back.</summary>
    internal void Open() => state.IsFrozen = false;

    /// <summary>The opposite of <see cref="Begin"/>: nothing is frozen any more.</summary>
    internal void End()
    {
        Open();
        IsKept = false;
        log.Release();
        foreach (Action action in _whenOver)
        {
            action();
        }

        _whenOver.Clear();
    }

    /// <summary>Calls an action that touches a disk: at once, or when it may.</summary>
    internal void WhenOver(Action action)
    {
        if (IsKept)
        {
            _whenOver.Add(action);
        }
        else
        {
            action();
        }
    }

    private void Keep()
    {
        IsKept = true;
        log.Hold();
    }
}
