using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Policy;
using Guestwire.Protocol;

namespace Guestwire.Agent.State;

/// <summary>
/// Freezes and thaws, and knows at any time which of both is due: all filesystems of a freeze or none, what was frozen and nothing else,
/// and a thaw after each freeze, be it by the next agent.
/// </summary>
/// <remarks>
/// Runs on worker threads. While filesystems are frozen a write by the loop would hang the agent, and nobody could tell it to thaw: so first
/// the policy closes, then the loop finishes what it is doing, then the log holds its lines, and only then the first filesystem freezes.
/// </remarks>
/// <param name="planner">What to freeze.</param>
/// <param name="freezer">Freezes it.</param>
/// <param name="hooks">Told before and after.</param>
/// <param name="marker">Outlives the agent.</param>
/// <param name="state">Closes the policy.</param>
/// <param name="log">Holds its lines meanwhile.</param>
/// <param name="waitForLoop">Returns when the loop has finished what it was doing, or is over.</param>
[SupportedOSPlatform("linux")]
internal sealed class FreezeEngine(
    FreezePlanner planner, IFilesystemFreezer freezer, FreezeHooks hooks, FreezeMarker marker, FreezeState state, IAgentLog log, Action waitForLoop)
{
    /// <summary>How long the agent's end waits for a freeze or thaw under way, of which a hook may hang. Our own limit.</summary>
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(5);

    // Guards the lists below, and lets one freeze, thaw or question after it be at a time.
    private readonly Lock _lock = new();
    private readonly List<(FreezeTarget Target, IFrozenFilesystem Held)> _held = [];
    private readonly List<Action> _whenThawed = [];
    private volatile bool _isEnding;

    /// <summary>Whether filesystems are frozen; waits for the end of a freeze or thaw under way.</summary>
    internal bool IsFrozen
    {
        get
        {
            lock (_lock)
            {
                return state.IsFrozen;
            }
        }
    }

    /// <summary>
    /// Sees to what a dead agent has left: thaws what one of ours left frozen. An empty marker is the reference's; it says that something may
    /// be frozen, and the agent is frozen from the start, until it is told to thaw. Call this before anything else touches a disk.
    /// </summary>
    internal void TakeOver()
    {
        lock (_lock)
        {
            switch (marker.Read())
            {
                case MarkerStatus.OfThisBoot:
                    log.Log(LogLevel.Warning, "an agent has died while filesystems were frozen, thawing them");
                    hooks.TakeOver();
                    ThawQuietly();
                    break;
                case MarkerStatus.OfAnotherBoot:
                    log.Log(LogLevel.Warning, "an agent has died while filesystems were frozen, in an earlier boot");
                    marker.Remove();
                    break;
                case MarkerStatus.Unknown:
                    log.Log(LogLevel.Warning, "filesystems may be frozen: until guest-fsfreeze-thaw only commands run that touch no disk");
                    hooks.TakeOver();
                    state.IsFrozen = true;
                    log.Hold();
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Freezes filesystems.</summary>
    /// <param name="command">The command that asks for it.</param>
    /// <param name="mountpoints">Where they are mounted; null for all that there are.</param>
    /// <returns>How many are frozen; with 0 the agent stays thawed.</returns>
    /// <exception cref="QapiException">The hook or a filesystem failed: everything is thawed. Or the agent is frozen already.</exception>
    internal int Freeze(CommandId command, IReadOnlyList<string>? mountpoints)
    {
        lock (_lock)
        {
            if (state.IsFrozen)
            {
                // Another host was faster, while this one waited for its turn.
                throw new QapiException(ErrorClass.CommandNotFound, CommandPolicy.RefusalOf(CommandTable.Get(command)));
            }

            log.Account("guest-fsfreeze called");
            int count = 0;
            try
            {
                hooks.BeforeFreeze();
                count = FreezeAllOrNone(mountpoints);
            }
            finally
            {
                // A hook that failed half way must clean up as well.
                if (count == 0)
                {
                    CallHooksAfterThawQuietly();
                }
            }

            return count;
        }
    }

    /// <summary>Thaws what was frozen, and whatever else is.</summary>
    /// <returns>How many filesystems this thawed.</returns>
    /// <exception cref="QapiException">The hook failed; everything is thawed all the same.</exception>
    internal int Thaw()
    {
        lock (_lock)
        {
            log.Account("guest-fsthaw called");
            int count = ThawEverything();
            Open();
            hooks.AfterThaw();
            return count;
        }
    }

    /// <summary>Thaws before the agent ends, and sees to it that nothing freezes any more.</summary>
    internal void End()
    {
        _isEnding = true;
        if (!_lock.TryEnter(ExitPatience))
        {
            // Most likely a hook hangs before the freeze; should it go on, the freeze gives up.
            return;
        }

        try
        {
            if (state.IsFrozen)
            {
                log.Log(LogLevel.Warning, "the agent ends while filesystems are frozen, thawing them");
                ThawQuietly();
            }
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Calls an action that writes to disk: at once, or when filesystems have thawed.</summary>
    internal void WhenThawed(Action action)
    {
        lock (_lock)
        {
            if (state.IsFrozen)
            {
                _whenThawed.Add(action);
            }
            else
            {
                action();
            }
        }
    }

    private int FreezeAllOrNone(IReadOnlyList<string>? mountpoints)
    {
        IReadOnlyList<FreezeTarget> plan = planner.Plan();
        try
        {
            Close();
            foreach (FreezeTarget target in plan)
            {
                if (_isEnding)
                {
                    throw new QapiException("the agent is about to end");
                }

                if ((mountpoints is null || target.IsAtAny(mountpoints)) && freezer.TryFreeze(target.Mounts) is { } held)
                {
                    _held.Add((target, held));
                }
            }

            return _held.Count;
        }
        catch
        {
            ThawHeld([]);
            throw;
        }
        finally
        {
            if (_held.Count == 0)
            {
                Open();
            }
        }
    }

    /// <summary>From here on neither loop nor log touch a disk.</summary>
    private void Close()
    {
        state.IsFrozen = true;
        waitForLoop();
        if (marker.Set() is string failure)
        {
            log.Log(LogLevel.Warning, $"{failure}; should the agent die, nobody will thaw");
        }

        log.Hold();
    }

    /// <summary>The opposite of <see cref="Close"/>.</summary>
    private void Open()
    {
        marker.Remove();
        state.IsFrozen = false;
        log.Release();
        foreach (Action action in _whenThawed)
        {
            action();
        }

        _whenThawed.Clear();
    }

    private void ThawQuietly()
    {
        int count = ThawEverything();
        Open();
        CallHooksAfterThawQuietly();
        log.Log(LogLevel.Warning, $"{count.ToString(CultureInfo.InvariantCulture)} filesystems have been thawed");
    }

    /// <summary>Thaws what we hold, then looks for what is still frozen: by a dead agent, or by other programs.</summary>
    private int ThawEverything()
    {
        HashSet<(uint Major, uint Minor)> thawed = [];
        ThawHeld(thawed);
        try
        {
            IReadOnlyList<FreezeTarget> plan = planner.Plan();
            for (int i = plan.Count - 1; i >= 0; i--)
            {
                if (freezer.TryThaw(plan[i].Mounts))
                {
                    thawed.Add(plan[i].Device);
                }
            }
        }
        catch (QapiException failure)
        {
            log.Log(LogLevel.Critical, $"cannot look for more frozen filesystems: {failure.Message}");
        }

        return thawed.Count;
    }

    private void ThawHeld(HashSet<(uint Major, uint Minor)> thawed)
    {
        for (int i = _held.Count - 1; i >= 0; i--)
        {
            if (_held[i].Held.TryThaw())
            {
                thawed.Add(_held[i].Target.Device);
            }

            _held[i].Held.Dispose();
        }

        _held.Clear();
    }

    private void CallHooksAfterThawQuietly()
    {
        try
        {
            hooks.AfterThaw();
        }
        catch (QapiException failure)
        {
            log.Log(LogLevel.Critical, failure.Message);
        }
    }
}
