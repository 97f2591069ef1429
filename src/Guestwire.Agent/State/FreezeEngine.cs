using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Policy;
using Guestwire.Protocol;

namespace Guestwire.Agent.State;

/// <summary>
/// Freezes and thaws, and knows at any time which of both is due: all filesystems of a freeze or none, what was frozen and nothing else,
/// and a thaw after each freeze, be it by itself when the host does not ask for it in time, be it by the next agent.
/// </summary>
/// <remarks>Runs on worker threads. What it waits for ends: each filesystem has its limit of time, and so has the freeze as a whole.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class FreezeEngine
{
    /// <summary>How long the agent's end waits for a freeze or thaw under way, of which a hook may hang, and for one that is late. Our own limit.</summary>
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(5);

    private readonly HeldFilesystems _filesystems;
    private readonly TimedFreezer _freezer;
    private readonly FreezeHooks _hooks;
    private readonly DiskSilence _silence;
    private readonly FreezeAlarm _alarm;
    private readonly IAgentLog _log;

    // Guards all of the above and what follows, and lets one freeze, thaw or question after it be at a time.
    private readonly Lock _lock = new();

    // A dead agent may have had another configuration, so its thaw looks everywhere.
    private bool _isHeir;

    // The loop's thread ends the agent, and nobody else asks.
    private bool _hasEnded;

    /// <summary>Wires it.</summary>
    /// <param name="filesystems">Freezes all or none.</param>
    /// <param name="freezer">Knows what the kernel has not come back from.</param>
    /// <param name="hooks">Told before and after.</param>
    /// <param name="silence">Keeps the agent off the disks meanwhile.</param>
    /// <param name="alarm">Says when to thaw without being asked.</param>
    /// <param name="log">Told of what nobody asked for.</param>
    internal FreezeEngine(
        HeldFilesystems filesystems, TimedFreezer freezer, FreezeHooks hooks, DiskSilence silence, FreezeAlarm alarm, IAgentLog log)
    {
        _filesystems = filesystems;
        _freezer = freezer;
        _hooks = hooks;
        _silence = silence;
        _alarm = alarm;
        _log = log;
        freezer.WhenLateIsBack = LateIsBack;
    }

    /// <summary>Whether filesystems are frozen; waits for the end of a freeze or thaw under way.</summary>
    internal bool IsFrozen
    {
        get
        {
            lock (_lock)
            {
                return _silence.IsFrozen;
            }
        }
    }

    /// <summary>Whether the agent may touch no disk: filesystems are frozen, or one is still in the kernel's hands.</summary>
    internal bool IsSilent
    {
        get
        {
            lock (_lock)
            {
                return _silence.IsKept;
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
            MarkerStatus left = _silence.ReadMarker();
            if (left is MarkerStatus.OfThisBoot or MarkerStatus.Unknown)
            {
                _isHeir = true;
                _silence.Inherit();
                _hooks.TakeOver();
            }

            switch (left)
            {
                case MarkerStatus.OfThisBoot:
                    _log.Log(LogLevel.Warning, "an agent has died while filesystems were frozen, thawing them");
                    ThawQuietly();
                    break;
                case MarkerStatus.OfAnotherBoot:
                    _log.Log(LogLevel.Warning, "an agent has died while filesystems were frozen, in an earlier boot");
                    _silence.Unmark();
                    break;
                case MarkerStatus.Unknown:
                    _log.Log(LogLevel.Warning, "filesystems may be frozen: until guest-fsfreeze-thaw only commands run that touch no disk");
                    _alarm.Set(ThawByItself);
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
    /// <exception cref="QapiException">
    /// The hook or a filesystem failed, or was not done in time: everything is thawed, or will be when the kernel lets go of it. Or the agent is
    /// frozen already.
    /// </exception>
    internal int Freeze(CommandId command, IReadOnlyList<string>? mountpoints)
    {
        lock (_lock)
        {
            if (_silence.IsFrozen)
            {
                // Another host was faster, while this one waited for its turn.
                throw new QapiException(ErrorClass.CommandNotFound, CommandPolicy.RefusalOf(CommandTable.Get(command)));
            }

            if (_freezer.Late is { } late)
            {
                throw new QapiException($"cannot freeze: {late} has not come back from the kernel yet");
            }

            _log.Account("guest-fsfreeze called");
            FreezeDeadline deadline = _freezer.StartDeadline();
            int count = 0;
            _silence.Mark();
            try
            {
                _hooks.BeforeFreeze(deadline);
                _silence.Begin();
                count = _filesystems.FreezeAllOrNone(mountpoints, deadline);
                if (count > 0)
                {
                    _alarm.Set(ThawByItself);
                }
            }
            finally
            {
                if (count == 0)
                {
                    Open();

                    // A hook that failed half way must clean up as well.
                    CallHooksAfterThawQuietly();
                }
            }

            return count;
        }
    }

    /// <summary>Thaws what was frozen, and whatever else is.</summary>
    /// <returns>How many filesystems this thawed.</returns>
    /// <exception cref="QapiException">The hook failed, but everything is thawed; or not everything is, and the text says what.</exception>
    internal int Thaw()
    {
        lock (_lock)
        {
            _log.Account("guest-fsthaw called");
            int count = _filesystems.ThawEverything(_isHeir);
            Open();
            try
            {
                _hooks.AfterThaw();
            }
            finally
            {
                _silence.Unmark();
            }

            return _freezer.Late is { } late
                ? throw new QapiException($"not everything is thawed: {late} has not come back from the kernel yet")
                : count;
        }
    }

    /// <summary>Thaws before the agent ends, and sees to it that nothing freezes any more.</summary>
    internal void End()
    {
        bool isFirst = !_hasEnded;
        _hasEnded = true;
        _freezer.GiveUp();
        if (!_lock.TryEnter(ExitPatience))
        {
            // Most likely a hook hangs before the freeze; should it go on, the freeze gives up.
            return;
        }

        try
        {
            if (_silence.IsFrozen)
            {
                _log.Log(LogLevel.Warning, "the agent ends while filesystems are frozen, thawing them");
                ThawQuietly();
            }

            if (isFirst && _freezer.Late is not null)
            {
                // Should it be in vain, the marker stays, and the next agent thaws.
                _freezer.WaitForLate(ExitPatience);
                Settle();
                _silence.Unmark();
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
            _silence.WhenOver(action);
        }
    }

    /// <summary>Commands run again; disks may be touched as soon as nothing is late.</summary>
    private void Open()
    {
        _alarm.Unset();
        _silence.Open();
        Settle();
    }

    private void Settle()
    {
        if (_silence.IsKept && !_silence.IsFrozen && _freezer.Late is null)
        {
            _isHeir = false;
            _silence.End();
        }
    }

    private void LateIsBack()
    {
        lock (_lock)
        {
            Settle();
            _silence.Unmark();
        }
    }

    private void ThawByItself()
    {
        lock (_lock)
        {
            if (_silence.IsFrozen && _alarm.Reason is { } reason)
            {
                _log.Log(LogLevel.Critical, $"{reason}: thawing without being asked");
                ThawQuietly();
            }
        }
    }

    private void ThawQuietly()
    {
        int count = _filesystems.ThawEverything(_isHeir);
        Open();
        CallHooksAfterThawQuietly();
        _log.Log(LogLevel.Warning, $"{count.ToString(CultureInfo.InvariantCulture)} filesystems have been thawed");
    }

    private void CallHooksAfterThawQuietly()
    {
        try
        {
            _hooks.AfterThaw();
        }
        catch (QapiException failure)
        {
            _log.Log(LogLevel.Critical, failure.Message);
        }

        _silence.Unmark();
    }
}
