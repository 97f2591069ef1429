using System.Runtime.ExceptionServices;

namespace Guestwire.Agent;

/// <summary>
/// A call from which the kernel may never come back, nor let it be interrupted, on a thread of its own: whoever waits for it can stop waiting.
/// </summary>
/// <typeparam name="T">What it returns.</typeparam>
internal sealed class TimedCall<T>
{
    /// <summary>Enough for a system call and what is around it.</summary>
    private const int StackBytes = 256 * 1024;

    // Guards all that follows.
    private readonly object _gate = new();
    private bool _isDone;
    private bool _isLate;
    private bool _isGivenUp;
    private T? _result;
    private ExceptionDispatchInfo? _failure;

    private TimedCall()
    {
    }

    /// <summary>Starts a call.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="call">The call.</param>
    /// <param name="whenLate">Told on that thread what came of a call that nobody waits for any more; nothing when it failed.</param>
    internal static TimedCall<T> Start(string name, Func<T?> call, Action<T?> whenLate)
    {
        TimedCall<T> timed = new();
        Thread thread = new(() => timed.Run(call, whenLate), StackBytes) { IsBackground = true, Name = name };
        thread.Start();
        return timed;
    }

    /// <summary>Waits for the end of the call.</summary>
    /// <param name="limit">How long; null for as long as it takes.</param>
    /// <param name="result">What it returned.</param>
    /// <returns>False when it did not end in time, or was given up: then nobody waits for it any more.</returns>
    internal bool TryWait(TimeSpan? limit, out T? result)
    {
        long began = TimeProvider.System.GetTimestamp();
        ExceptionDispatchInfo? failure;
        lock (_gate)
        {
            while (!_isDone && !_isGivenUp)
            {
                TimeSpan left = limit is { } longest ? longest - TimeProvider.System.GetElapsedTime(began) : Timeout.InfiniteTimeSpan;
                if (limit is not null && left <= TimeSpan.Zero)
                {
                    break;
                }

                Monitor.Wait(_gate, left);
            }

            _isLate = !_isDone;
            result = _result;
            failure = _failure;
            if (_isLate)
            {
                return false;
            }
        }

        failure?.Throw();
        return true;
    }

    /// <summary>Has whoever waits stop waiting. May be called from any thread.</summary>
    internal void GiveUp()
    {
        lock (_gate)
        {
            _isGivenUp = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Run(Func<T?> call, Action<T?> whenLate)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        try
        {
            result = call();
        }
        catch (Exception error)
        {
            // Of whatever kind: it belongs to whoever waits.
            failure = ExceptionDispatchInfo.Capture(error);
        }

        bool isLate;
        lock (_gate)
        {
            _isDone = true;
            _result = result;
            _failure = failure;
            isLate = _isLate;
            Monitor.PulseAll(_gate);
        }

        if (isLate)
        {
            whenLate(result);
        }
    }
}
