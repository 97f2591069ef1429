using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.State;

/// <summary>
/// Freezes and thaws filesystems, each within a limit of time. FIFREEZE waits for dirty pages and cannot be interrupted, nor can open(2) on
/// what a dead server exports, nor FITHAW behind a FIFREEZE under way: so each runs on a thread of its own. One that does not come back in
/// time is late. What a late freeze froze is thawed by its own thread the moment it comes back; until then nobody else touches the filesystem.
/// </summary>
/// <param name="freezer">Does it.</param>
/// <param name="settings">The limits of a freeze.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of what is late, and when it came back.</param>
internal sealed class TimedFreezer(IFilesystemFreezer freezer, FreezeSettings settings, TimeProvider time, IAgentLog log)
{
    // Guards the fields below.
    private readonly object _gate = new();
    private readonly List<(FreezeTarget Target, string What)> _running = [];
    private TimedCall<IFrozenFilesystem>? _freezing;
    private bool _isGivenUp;

    /// <summary>Called on any thread when something that was late has come back.</summary>
    internal Action? WhenLateIsBack { get; set; }

    /// <summary>What is late, for people: <c>the freeze of /data</c>; null when nothing is. Ask between calls.</summary>
    internal string? Late
    {
        get
        {
            lock (_gate)
            {
                return _running.Count == 0 ? null : string.Join(", ", _running.ConvertAll(call => call.What));
            }
        }
    }

    /// <summary>Starts to count the time of a freeze.</summary>
    internal FreezeDeadline StartDeadline() => new(settings, time);

    /// <summary>Freezes a filesystem, of which nothing may be late.</summary>
    /// <param name="target">The filesystem.</param>
    /// <param name="deadline">How long that may take.</param>
    /// <returns>Null when it cannot be frozen; it is left as it was.</returns>
    /// <exception cref="QapiException">GenericError: it failed, or was not done in time; the text names the mountpoint.</exception>
    internal IFrozenFilesystem? TryFreeze(FreezeTarget target, FreezeDeadline deadline)
    {
        (TimeSpan? limit, string overrun) = deadline.ForOne();
        overrun = $"failed to freeze {target.Mountpoint}: {overrun}";
        if (limit == TimeSpan.Zero)
        {
            throw new QapiException(overrun);
        }

        TimedCall<IFrozenFilesystem> call;
        lock (_gate)
        {
            if (_isGivenUp)
            {
                throw AgentEnds();
            }

            call = Start(target, "freeze", () => freezer.TryFreeze(target.Mounts), ThawLate);
            _freezing = call;
        }

        if (TryFinish(call, target, limit, out IFrozenFilesystem? held))
        {
            return held;
        }

        if (_isGivenUp)
        {
            throw AgentEnds();
        }

        log.Log(LogLevel.Critical, $"{overrun}; it will be thawed as soon as the kernel comes back from it");
        throw new QapiException(overrun);
    }

    /// <summary>Thaws what was frozen here.</summary>
    /// <returns>False when somebody else had thawed it before, or it is late now.</returns>
    internal bool TryThaw(FreezeTarget target, IFrozenFilesystem held) => TryThaw(target, () =>
    {
        using (held)
        {
            return held.TryThaw();
        }
    });

    /// <summary>Thaws a filesystem that somebody else has frozen. One of which something is late is left alone.</summary>
    /// <returns>False when it was not frozen, or is late.</returns>
    internal bool TryThaw(FreezeTarget target)
    {
        lock (_gate)
        {
            if (_running.Exists(call => call.Target.Device == target.Device))
            {
                return false;
            }
        }

        return TryThaw(target, () => freezer.TryThaw(target.Mounts));
    }

    /// <summary>Nothing freezes any more, and whoever waits for a freeze stops waiting.</summary>
    internal void GiveUp()
    {
        lock (_gate)
        {
            _isGivenUp = true;
            _freezing?.GiveUp();
        }
    }

    /// <summary>Waits until nothing is late any more, but not for ever.</summary>
    internal void WaitForLate(TimeSpan longest)
    {
        long began = time.GetTimestamp();
        lock (_gate)
        {
            while (_running.Count > 0 && longest - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
            {
                Monitor.Wait(_gate, left);
            }
        }
    }

    private static QapiException AgentEnds() => new("the agent is about to end");

    private bool TryThaw(FreezeTarget target, Func<bool> thaw)
    {
        TimedCall<bool> call = Start(target, "thaw", thaw, static _ => { });
        if (TryFinish(call, target, settings.ThawPatience, out bool thawed))
        {
            return thawed;
        }

        log.Log(LogLevel.Critical, $"failed to thaw {target.Mountpoint}: it was not done within {FreezeDeadline.Seconds(settings.ThawPatience)}, and goes on");
        return false;
    }

    private static void ThawLate(IFrozenFilesystem? held)
    {
        held?.TryThaw();
        held?.Dispose();
    }

    private TimedCall<T> Start<T>(FreezeTarget target, string what, Func<T?> call, Action<T?> whenLate)
    {
        // Entered before it starts: it may be back before anybody has found that it is late.
        lock (_gate)
        {
            _running.Add((target, $"the {what} of {target.Mountpoint}"));
        }

        return TimedCall<T>.Start("filesystem " + what, call, result =>
        {
            whenLate(result);
            Leave(target);
            log.Log(LogLevel.Critical, $"the {what} of {target.Mountpoint} has come back from the kernel, and the filesystem is thawed");
            WhenLateIsBack?.Invoke();
        });
    }

    private bool TryFinish<T>(TimedCall<T> call, FreezeTarget target, TimeSpan? limit, out T? result)
    {
        bool isLate = false;
        try
        {
            isLate = !call.TryWait(limit, out result);
            return !isLate;
        }
        finally
        {
            if (!isLate)
            {
                Leave(target);
            }
        }
    }

    private void Leave(FreezeTarget target)
    {
        lock (_gate)
        {
            _running.RemoveAll(call => call.Target == target);
            Monitor.PulseAll(_gate);
        }
    }
}
