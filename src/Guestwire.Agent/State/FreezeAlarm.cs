using System.Runtime.Versioning;

namespace Guestwire.Agent.State;

/// <summary>Rings when filesystems are frozen for too long, or while no host has asked for anything for too long: it may never come back.</summary>
/// <remarks>The loop's timers cannot be taken back, so there is one at most, and what it means is found out when it ends.</remarks>
/// <param name="settings">When it rings; by default never.</param>
/// <param name="activity">When a host last asked for anything.</param>
/// <param name="loop">Whose timer and clock it uses.</param>
[SupportedOSPlatform("linux")]
internal sealed class FreezeAlarm(FreezeSettings settings, HostActivity activity, EventLoop loop)
{
    /// <summary>Enough for a thaw and its hooks.</summary>
    private const int StackBytes = 256 * 1024;

    // Guards the next two, which any thread sets.
    private readonly Lock _lock = new();
    private Action? _ring;
    private long _frozenSince;

    // The loop's alone.
    private bool _isWaiting;

    /// <summary>Why it rings, for people; null when it is not time yet, or nothing is frozen.</summary>
    internal string? Reason
    {
        get
        {
            (TimeSpan left, string reason) = Next();
            return left <= TimeSpan.Zero ? reason : null;
        }
    }

    /// <summary>Filesystems are frozen from now on.</summary>
    /// <param name="ring">Called on a thread of its own; it finds out itself whether there is still a <see cref="Reason"/>.</param>
    internal void Set(Action ring)
    {
        if (settings.AutoThaw is not null || settings.AutoThawIdle is not null)
        {
            lock (_lock)
            {
                _ring = ring;
                _frozenSince = loop.Time.GetTimestamp();
            }

            loop.Post(Look);
        }
    }

    /// <summary>They are thawed.</summary>
    internal void Unset()
    {
        lock (_lock)
        {
            _ring = null;
        }
    }

    private void Look()
    {
        Action? ring;
        lock (_lock)
        {
            ring = _ring;
        }

        if (ring is null || _isWaiting)
        {
            return;
        }

        (TimeSpan left, _) = Next();
        if (left <= TimeSpan.Zero)
        {
            new Thread(() => ring(), StackBytes) { IsBackground = true, Name = "thaw by itself" }.Start();
        }
        else
        {
            _isWaiting = true;
            loop.After(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), () =>
            {
                _isWaiting = false;
                Look();
            });
        }
    }

    /// <summary>How long until it rings, and why it will.</summary>
    private (TimeSpan Left, string Reason) Next()
    {
        long since;
        lock (_lock)
        {
            if (_ring is null)
            {
                return (TimeSpan.MaxValue, "");
            }

            since = _frozenSince;
        }

        TimeSpan hard = settings.AutoThaw is { } limit ? limit - loop.Time.GetElapsedTime(since) : TimeSpan.MaxValue;
        TimeSpan idle = settings.AutoThawIdle is { } patience
            ? patience - loop.Time.GetElapsedTime(Math.Max(since, activity.LastRequest))
            : TimeSpan.MaxValue;
        return hard <= idle
            ? (hard, $"filesystems were frozen for {FreezeDeadline.Seconds(settings.AutoThaw)} (auto-thaw)")
            : (idle, $"filesystems were frozen and no host asked for anything for {FreezeDeadline.Seconds(settings.AutoThawIdle)} (auto-thaw-idle)");
    }
}
