using Guestwire.Protocol;

namespace Guestwire.Agent;

/// <summary>
/// Threads for work that may block. One is made when there is work and none is idle; an idle one stays for a moment, since the next
/// command often follows at once, and then ends: an agent at rest has none.
/// </summary>
internal sealed class WorkerThreads
{
    /// <summary>How many there may be. Our own limit: commands that hang for ever, each given up by its host, must not become ever more.</summary>
    internal const int MaxThreads = 64;

    /// <summary>Enough for any command; the default of eight megabytes would be reserved for each.</summary>
    private const int StackBytes = 256 * 1024;

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    // Guards the rest, and wakes the idle. A lock that can be waited on has to be an object.
    private readonly object _lock = new();
    private readonly Queue<Action> _handedOver = [];
    private int _count;
    private int _idle;

    /// <summary>Has work done beside the caller.</summary>
    /// <param name="work">The work; it throws nothing.</param>
    /// <exception cref="QapiException">GenericError: too many threads are at work.</exception>
    internal void Run(Action work)
    {
        lock (_lock)
        {
            if (_idle > 0)
            {
                _idle--;
                _handedOver.Enqueue(work);
                Monitor.Pulse(_lock);
                return;
            }

            if (_count == MaxThreads)
            {
                throw new QapiException("too many commands are running");
            }

            _count++;
            _handedOver.Enqueue(work);
        }

        new Thread(Serve, StackBytes) { IsBackground = true, Name = "worker" }.Start();
    }

    private void Serve()
    {
        while (TryServeNext())
        {
            lock (_lock)
            {
                _idle++;
            }
        }
    }

    /// <summary>A method of its own: a thread that waits must not keep alive what it worked for last.</summary>
    /// <returns>False when no work came and the thread is to end.</returns>
    private bool TryServeNext()
    {
        Action? work = AwaitWork();
        work?.Invoke();
        return work is not null;
    }

    /// <returns>Null when none came.</returns>
    private Action? AwaitWork()
    {
        lock (_lock)
        {
            Action? work;
            while (!_handedOver.TryDequeue(out work))
            {
                if (!Monitor.Wait(_lock, Linger) && _handedOver.Count == 0)
                {
                    _idle--;
                    _count--;
                    return null;
                }
            }

            return work;
        }
    }
}
