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
/// The loop's alone, but for <see cref="Start"/>.
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
    /// <exception cref="QapiException">GenericError: too many are running; or this one cannot be started.</exception>
    internal ExecProcess Start(Func<SpawnedProgram> start)
    {
        _loop.Invoke(Reserve);
        SpawnedProgram program;
        try
        {
            program = start();
        }
        catch
        {
            _loop.Post(() => _starting--);
            throw;
        }

        ExecProcess process = null!;
        _loop.Invoke(() => process = Add(program));
        return process;
    }

    /// <summary>The program with that id; one that has ended is forgotten, having been asked about.</summary>
    /// <exception cref="QapiException">GenericError: none such, or already asked about.</exception>
    internal ExecProcess Ask(long processId)
    {
        if (!_processes.TryGetValue(processId, out ExecProcess? process))
        {
            throw new QapiException($"PID {processId.ToString(CultureInfo.InvariantCulture)} does not exist");
        }

        if (process.HasEnded)
        {
            _processes.Remove(processId);
        }

        return process;
    }

    private void Reserve()
    {
        if (_processes.Count + _starting >= MaxPrograms && !DropOldest())
        {
            throw new QapiException($"too many programs: {_processes.Count.ToString(CultureInfo.InvariantCulture)} are running");
        }

        _starting++;
    }

    /// <summary>The system gives ids out again: a program that ended long ago gives way.</summary>
    private ExecProcess Add(SpawnedProgram program)
    {
        _starting--;
        Forget(program.ProcessId);
        ExecProcess process = new(_loop, program, _budget);
        _processes.Add(program.ProcessId, process);
        if (!_sweeps)
        {
            _sweeps = true;
            _loop.After(SweepPause, Sweep);
        }

        return process;
    }

    private void Sweep()
    {
        while (Oldest() is { } oldest && _loop.Time.GetElapsedTime(oldest.ExitTimestamp) >= Expiry)
        {
            Forget(oldest.ProcessId);
        }

        _sweeps = _processes.Count > 0;
        if (_sweeps)
        {
            _loop.After(SweepPause, Sweep);
        }
    }

    /// <returns>False when none has ended.</returns>
    private bool DropOldest()
    {
        ExecProcess? oldest = Oldest();
        if (oldest is not null)
        {
            Forget(oldest.ProcessId);
        }

        return oldest is not null;
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

    private void Forget(long processId)
    {
        if (_processes.Remove(processId, out ExecProcess? forgotten))
        {
            forgotten.Dispose();
        }
    }
}
