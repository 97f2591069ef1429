using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Protocol;

namespace Guestwire.Agent.State;

/// <summary>
/// The programs that hosts started, by process id, until somebody has asked how they ended. They belong to the agent, not to a connection.
/// </summary>
/// <remarks>
/// Hosts come and go, and some never ask. So what has ended is kept for <see cref="Expiry"/>, and less long when there is need of its place
/// (<see cref="MaxPrograms"/>) or of its memory (<see cref="MaxOutputBytes"/>): the one that ended first goes first. All are limits of our own.
/// The loop watches them, and gives back what they hold; programs are started by other threads.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class ExecTable
{
    /// <summary>Programs that run or wait to be asked about.</summary>
    internal const int MaxPrograms = 1024;

    /// <summary>Captured output of all of them together; what comes beyond it is dropped, and the program's output counts as truncated.</summary>
    internal const long MaxOutputBytes = 256 * 1024 * 1024;

    /// <summary>How long the end of a program is remembered that nobody asks about.</summary>
    internal static readonly TimeSpan Expiry = TimeSpan.FromHours(1);

    /// <summary>How often old ones are looked for, while there are any at all.</summary>
    private static readonly TimeSpan SweepPause = TimeSpan.FromMinutes(10);

    // Guards the rest.
    private readonly Lock _lock = new();

    // In the order in which they were started, but for ids that the system gave out again.
    private readonly Dictionary<long, ExecProcess> _processes = [];
    private readonly EventLoop _loop;
    private readonly CaptureBudget _budget;
    private int _starting;
    private bool _sweeps;

    internal ExecTable(EventLoop loop, long maxOutputBytes = MaxOutputBytes)
    {
        _loop = loop;
        _budget = new CaptureBudget(maxOutputBytes, DropOldest);
    }

    /// <summary>Starts a program and keeps it. May be called from any thread: a program on a dead server's disk takes as long as that to start.</summary>
    /// <param name="start">Starts it.</param>
    /// <param name="options">What becomes of it; null for what the standard protocol has.</param>
    /// <exception cref="QapiException">GenericError: too many are running; or this one cannot be started.</exception>
    internal ExecProcess Start(Func<SpawnedProgram> start, ExecOptions? options = null)
    {
        lock (_lock)
        {
            if (_processes.Count + _starting >= MaxPrograms)
            {
                _loop.Post((TakeOldest() ?? throw TooMany()).Dispose);
            }

            _starting++;
        }
        try
        {
            ExecProcess process = new(_loop, start(), _budget, options);
            Add(process);

            // Until then it counts as running, and that is what a host that asks at once is told.
            _loop.Post(process.Watch);
            return process;
        }
        finally
        {
            lock (_lock)
            {
                _starting--;
            }
        }
    }

    /// <summary>The program with that id; one that has ended is forgotten, having been asked about.</summary>
    /// <exception cref="QapiException">GenericError: none such, or already asked about.</exception>
    internal ExecProcess Ask(long processId)
    {
        lock (_lock)
        {
            ExecProcess process = Find(processId);
            if (process.HasEnded)
            {
                _processes.Remove(processId);
            }

            return process;
        }
    }

    /// <summary>The program with that id, which is not forgotten by this. For any thread.</summary>
    /// <exception cref="QapiException">GenericError: none such, or already asked about.</exception>
    internal ExecProcess Find(long processId)
    {
        lock (_lock)
        {
            return _processes.TryGetValue(processId, out ExecProcess? process)
                ? process
                : throw new QapiException($"PID {processId.ToString(CultureInfo.InvariantCulture)} does not exist");
        }
    }

    /// <summary>The system gives ids out again: a program that ended long ago gives way.</summary>
    private void Add(ExecProcess process)
    {
        lock (_lock)
        {
            if (_processes.Remove(process.ProcessId, out ExecProcess? earlier))
            {
                _loop.Post(earlier.Dispose);
            }

            _processes.Add(process.ProcessId, process);
            if (!_sweeps)
            {
                _sweeps = true;
                _loop.Post(SweepLater);
            }
        }
    }

    private void SweepLater() => _loop.After(SweepPause, Sweep);

    private void Sweep()
    {
        lock (_lock)
        {
            while (Oldest() is { } oldest && _loop.Time.GetElapsedTime(oldest.ExitTimestamp) >= Expiry)
            {
                _processes.Remove(oldest.ProcessId);
                oldest.Dispose();
            }

            _sweeps = _processes.Count > 0;
            if (_sweeps)
            {
                SweepLater();
            }
        }
    }

    /// <summary>Makes room for captured output. For the loop.</summary>
    /// <returns>False when no program has ended.</returns>
    private bool DropOldest()
    {
        ExecProcess? oldest;
        lock (_lock)
        {
            oldest = TakeOldest();
        }

        oldest?.Dispose();
        return oldest is not null;
    }

    /// <summary>Forgets the program that ended first; null when none has.</summary>
    private ExecProcess? TakeOldest()
    {
        ExecProcess? oldest = Oldest();
        if (oldest is not null)
        {
            _processes.Remove(oldest.ProcessId);
        }

        return oldest;
    }

    // Linear in at most MaxPrograms, and only when something has to go.
    private ExecProcess? Oldest()
    {
        ExecProcess? oldest = null;
        foreach (ExecProcess process in _processes.Values)
        {
            if (process.HasEnded && (oldest is null || process.ExitTimestamp < oldest.ExitTimestamp))
            {
                oldest = process;
            }
        }

        return oldest;
    }

    private QapiException TooMany() => new($"too many programs: {_processes.Count.ToString(CultureInfo.InvariantCulture)} are running");
}
