using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent;

/// <summary>
/// The agent's one thread: waits in poll(2) for whatever is registered and calls it back. Sources come and go at any time, also while
/// being called. Other threads only <see cref="Post"/>.
/// </summary>
/// <remarks>The list is linear: an agent watches a handful of descriptors, and a few for each program that runs.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class EventLoop : IDisposable
{
    private readonly List<IEventSource> _sources = [];
    private readonly List<(long DueMilliseconds, Action Action)> _timers = [];
    private readonly TimeProvider _time;

    private readonly SafeFileHandle _wakeUp = Libc.EventFd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);

    // Guards _posted, _waiting, _isOver and _disposed, all that other threads touch here.
    private readonly Lock _lock = new();
    private readonly List<ManualResetEventSlim> _waiting = [];
    private List<Action> _posted = [];
    private bool _isOver;
    private bool _disposed;

    private Libc.PollFd[] _polled = new Libc.PollFd[8];
    private List<Action> _running = [];
    private IEventSource?[] _ready = new IEventSource?[8];
    private int? _exitStatus;

    internal EventLoop(TimeProvider time) => _time = time;

    internal EventLoop()
        : this(TimeProvider.System)
    {
    }

    /// <summary>The clock of the timers, and of all that must agree with them.</summary>
    internal TimeProvider Time => _time;

    /// <summary>Watches a source from the next round on.</summary>
    internal void Add(IEventSource source) => _sources.Add(source);

    /// <summary>Forgets a source; it is not called again, not even in this round.</summary>
    internal void Remove(IEventSource source)
    {
        _sources.Remove(source);
        int index = Array.IndexOf(_ready, source);
        if (index >= 0)
        {
            _ready[index] = null;
        }
    }

    /// <summary>Calls an action later, once.</summary>
    internal void After(TimeSpan delay, Action action) => _timers.Add((Now + (long)delay.TotalMilliseconds, action));

    /// <summary>Does not call an action that was to be called later.</summary>
    /// <param name="action">The very same one.</param>
    internal void Forget(Action action) => _timers.RemoveAll(timer => ReferenceEquals(timer.Action, action));

    /// <summary>Has an action run on the loop's thread; may be called from any thread. Does nothing when the loop is over.</summary>
    internal void Post(Action action)
    {
        lock (_lock)
        {
            // The agent may end while a worker still runs, and that worker has nobody to tell.
            if (_disposed)
            {
                return;
            }

            _posted.Add(action);
        }

        WakeUp();
    }

    /// <summary>
    /// Returns when whatever the loop's thread is doing now is done, or the loop is over. For other threads, which want to be sure that what they
    /// changed is seen.
    /// </summary>
    internal void WaitForRound()
    {
        using ManualResetEventSlim passed = new();
        lock (_lock)
        {
            if (_isOver || _disposed)
            {
                return;
            }

            _waiting.Add(passed);
        }

        WakeUp();
        passed.Wait();
    }

    /// <summary>Ends <see cref="Run"/> after this round.</summary>
    internal void Stop(int exitStatus) => _exitStatus ??= exitStatus;

    /// <summary>Serves until <see cref="Stop"/>.</summary>
    /// <returns>The exit status that was given to it.</returns>
    internal int Run()
    {
        while (_exitStatus is null)
        {
            RunOnce(NextTimeout());
        }

        lock (_lock)
        {
            _isOver = true;
            LetWaitingGo();
        }

        return _exitStatus.Value;
    }

    /// <summary>One round: waits at most so long, then calls everything that is ready or due.</summary>
    /// <param name="timeoutMilliseconds">-1 for no limit.</param>
    internal void RunOnce(int timeoutMilliseconds)
    {
        int count = Prepare();
        int happened = Libc.Poll(_polled, (nuint)count, timeoutMilliseconds);
        if (happened > 0)
        {
            for (int i = 1; i < count; i++)
            {
                if (_polled[i].Returned != 0)
                {
                    _ready[i]?.OnReady(_polled[i].Returned);
                }
            }

            if (_polled[0].Returned != 0)
            {
                RunPosted();
            }
        }

        Array.Clear(_ready);
        RunTimers();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            LetWaitingGo();
            _wakeUp.Dispose();
        }
    }

    /// <summary>
    /// Not with the lock held: the loop wakes up at once and wants it, and on a busy machine the one that holds it may not come to run again for long.
    /// </summary>
    private void WakeUp()
    {
        try
        {
            Libc.Write(_wakeUp, [1, 0, 0, 0, 0, 0, 0, 0]);
        }
        catch (ObjectDisposedException)
        {
            // It was the end of the loop, and nothing is left to wake.
        }
    }

    private long Now => (long)_time.GetElapsedTime(0).TotalMilliseconds;

    private int Prepare()
    {
        if (_polled.Length < _sources.Count + 1)
        {
            Array.Resize(ref _polled, 2 * (_sources.Count + 1));
            Array.Resize(ref _ready, 2 * (_sources.Count + 1));
        }

        _polled[0] = new Libc.PollFd { Descriptor = (int)_wakeUp.DangerousGetHandle(), Events = Libc.POLLIN };
        for (int i = 0; i < _sources.Count; i++)
        {
            _polled[i + 1] = new Libc.PollFd { Descriptor = _sources[i].Descriptor, Events = _sources[i].Events };
            _ready[i + 1] = _sources[i];
        }

        return _sources.Count + 1;
    }

    private int NextTimeout()
    {
        if (_timers.Count == 0)
        {
            return -1;
        }

        long due = long.MaxValue;
        foreach ((long dueMilliseconds, _) in _timers)
        {
            due = Math.Min(due, dueMilliseconds);
        }

        return (int)Math.Clamp(due - Now, 0, int.MaxValue);
    }

    private void RunPosted()
    {
        Span<byte> counter = stackalloc byte[8];
        Libc.Read(_wakeUp, counter);
        ManualResetEventSlim[] waiting;
        lock (_lock)
        {
            (_posted, _running) = (_running, _posted);
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (Action action in _running)
        {
            action();
        }

        _running.Clear();
        foreach (ManualResetEventSlim passed in waiting)
        {
            passed.Set();
        }
    }

    /// <summary>Call it with the lock held.</summary>
    private void LetWaitingGo()
    {
        foreach (ManualResetEventSlim passed in _waiting)
        {
            passed.Set();
        }

        _waiting.Clear();
    }

    private void RunTimers()
    {
        if (_timers.Count == 0)
        {
            return;
        }

        long now = Now;
        for (int i = 0; i < _timers.Count; i++)
        {
            if (_timers[i].DueMilliseconds <= now)
            {
                Action action = _timers[i].Action;
                _timers.RemoveAt(i);
                i = -1;
                action();
            }
        }
    }
}
