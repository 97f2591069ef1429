using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.State;

/// <summary>
/// One program that runs, or ran: its input is fed, its output is collected, its end is noticed and reaped, all by the event loop.
/// </summary>
/// <remarks>It counts as ended when the process has, and every captured stream too: a grandchild may hold one open longer.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class ExecProcess : IEventSource, IDisposable
{
    private readonly EventLoop _loop;
    private readonly SafeFileHandle _pidFd;
    private readonly ExecInput? _input;
    private bool _exited;

    /// <summary>Takes on a program that was just started, on any thread; it is watched from <see cref="Watch"/> on.</summary>
    /// <param name="loop">Who watches it.</param>
    /// <param name="program">The program.</param>
    /// <param name="budget">What its output is taken from.</param>
    internal ExecProcess(EventLoop loop, SpawnedProgram program, CaptureBudget budget)
    {
        _loop = loop;
        ProcessId = program.ProcessId;
        _pidFd = program.PidFd;
        Output = program.Output is null ? null : new ExecOutput(loop, program.Output, budget);
        Error = program.Error is null ? null : new ExecOutput(loop, program.Error, budget);
        _input = program.Input is null ? null : new ExecInput(loop, program.Input, program.InputData);
    }

    /// <summary>Starts to watch it. For the loop.</summary>
    internal void Watch()
    {
        _input?.Watch();
        Output?.Watch();
        Error?.Watch();
        _loop.Add(this);
    }

    /// <summary>The system's id of the process.</summary>
    internal int ProcessId { get; }

    /// <summary>What it wrote to its standard output, or to both streams when they are merged; null when not captured.</summary>
    internal ExecOutput? Output { get; }

    /// <summary>What it wrote to its standard error; null when not captured, or merged.</summary>
    internal ExecOutput? Error { get; }

    /// <summary>The status that waitpid(2) gave. Meaningful once <see cref="HasEnded"/>.</summary>
    internal int WaitStatus { get; private set; }

    /// <summary>When the process ended, on the loop's clock. Meaningful once <see cref="HasEnded"/>.</summary>
    internal long ExitTimestamp { get; private set; }

    /// <summary>Whether it is over, with all its output.</summary>
    internal bool HasEnded => _exited && Output is null or { IsComplete: true } && Error is null or { IsComplete: true };

    /// <inheritdoc/>
    public int Descriptor => (int)_pidFd.DangerousGetHandle();

    /// <inheritdoc/>
    public short Events => Libc.POLLIN;

    /// <inheritdoc/>
    public void OnReady(short happened)
    {
        if (Libc.WaitPid(ProcessId, out int status, Libc.WNOHANG) == 0)
        {
            return;
        }

        WaitStatus = status;
        _exited = true;
        ExitTimestamp = _loop.Time.GetTimestamp();
        _loop.Remove(this);
        _pidFd.Dispose();
    }

    /// <summary>Gives back what it holds. The process itself is left alone; while it runs the loop goes on to wait for it.</summary>
    public void Dispose()
    {
        _input?.Dispose();
        Output?.Dispose();
        Error?.Dispose();
    }
}
