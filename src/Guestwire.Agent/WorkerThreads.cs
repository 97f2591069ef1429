using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent;

/// <summary>
/// Threads for work that may block. One is made when there is work and none is idle; an idle one stays for a moment, since the next
/// command often follows at once, and then ends: an agent at rest has none.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class WorkerThreads
{
    /// <summary>How many there may be. Our own limit: commands that hang for ever, each given up by its host, must not become ever more.</summary>
    internal const int MaxThreads = 64;

    /// <summary>How long an idle thread stays, in milliseconds.</summary>
    private const int Linger = 500;

    // Guards the rest.
    private readonly Lock _lock = new();

    // The one that worked last is at the end and comes first: what it needs is still in the processor's caches, and the others may end.
    private readonly List<Worker> _idle = [];
    private int _count;

    /// <summary>How many threads wait for work.</summary>
    internal int IdleCount
    {
        get
        {
            lock (_lock)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>Has work done beside the caller.</summary>
    /// <param name="work">The work; it throws nothing.</param>
    /// <exception cref="QapiException">GenericError: too many threads are at work.</exception>
    internal void Run(Action work)
    {
        Worker? worker = null;
        lock (_lock)
        {
            if (_idle.Count > 0)
            {
                worker = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
            }
            else if (_count == MaxThreads)
            {
                throw new QapiException("too many commands are running");
            }
            else
            {
                _count++;
            }
        }

        if (worker is null)
        {
            Worker.Start(work, this);
        }
        else
        {
            worker.Give(work);
        }
    }

    /// <summary>One thread.</summary>
    private sealed class Worker : IDisposable
    {
        /// <summary>Enough for any command; the default of eight megabytes would be reserved for each.</summary>
        private const int StackBytes = 256 * 1024;

        private readonly WorkerThreads _owner;
        private readonly NativeSemaphore _given = new();
        private Action? _work;

        private Worker(Action first, WorkerThreads owner)
        {
            _work = first;
            _owner = owner;
        }

        internal static void Start(Action first, WorkerThreads owner) =>
            new Thread(new Worker(first, owner).Serve, StackBytes) { IsBackground = true, Name = "worker" }.Start();

        /// <summary>Has an idle thread go on with this.</summary>
        internal void Give(Action work)
        {
            _work = work;
            _given.Post();
        }

        private void Serve()
        {
            do
            {
                DoWork();
            }
            while (AwaitWork());

            Dispose();
        }

        public void Dispose() => _given.Dispose();

        /// <summary>A method of its own: a thread that waits must not keep alive what it worked for last.</summary>
        private void DoWork()
        {
            Action work = _work!;
            _work = null;
            work();
        }

        /// <returns>False when none came and the thread is to end.</returns>
        private bool AwaitWork()
        {
            lock (_owner._lock)
            {
                _owner._idle.Add(this);
            }

            if (_given.Wait(Linger))
            {
                return true;
            }

            lock (_owner._lock)
            {
                if (_owner._idle.Remove(this))
                {
                    _owner._count--;
                    return false;
                }
            }

            // It was taken out just now: work is on its way.
            _given.Wait();
            return true;
        }
    }
}
