using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.State;

/// <summary>
/// One program that runs, or ran: its input is fed, its output is collected, its end is noticed and reaped, all by the event loop.
/// </summary>
/// <remarks>
/// It counts as ended when the process has, and every captured stream too: a grandchild may hold one open longer. A program whose host reads along
/// has ended when the process has. It leads a process group, which signals are for; as long as that may have members that matter, an ended process is
/// not reaped, so that no other group can get its number.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class ExecProcess : IEventSource, IDisposable
{
    /// <summary>How long after SIGTERM a group gets SIGKILL; the contract's.</summary>
    private static readonly TimeSpan s_killPause = TimeSpan.FromSeconds(5);

    private readonly EventLoop _loop;
    private readonly SafeFileHandle _pidFd;
    private readonly ExecOptions _options;
    private readonly Action? _expire;

    // Any thread may look whether it has ended.
    private volatile bool _exited;

    // The loop's alone.
    private bool _isReaped;
    private bool _isKillDue;
    private bool _isDisposed;

    /// <summary>Takes on a program that was just started, on any thread; it is watched from <see cref="Watch"/> on.</summary>
    /// <param name="loop">Who watches it.</param>
    /// <param name="program">The program.</param>
    /// <param name="budget">What its output is taken from.</param>
    /// <param name="options">What becomes of it; null for what the standard protocol has.</param>
    internal ExecProcess(EventLoop loop, SpawnedProgram program, CaptureBudget budget, ExecOptions? options = null)
    {
        _loop = loop;
        _options = options ?? ExecOptions.Plain;
        ProcessId = program.ProcessId;
        _pidFd = program.PidFd;
        _expire = _options.Timeout is null ? null : Expire;
        News = _options.StreamsOutput || _options.StreamsInput ? new ExecNews() : null;
        if (_options.StreamsOutput)
        {
            OutputStream = program.Output is null ? null : new ExecStream(loop, program.Output, budget, News!, ReapWhenOver);
            ErrorStream = program.Error is null ? null : new ExecStream(loop, program.Error, budget, News!, ReapWhenOver);
        }
        else
        {
            Output = program.Output is null ? null : new ExecOutput(loop, program.Output, budget, ReapWhenOver);
            Error = program.Error is null ? null : new ExecOutput(loop, program.Error, budget, ReapWhenOver);
        }

        Input = program.Input is null ? null : new ExecInput(loop, program.Input, program.InputData, _options.StreamsInput ? News : null);
    }

    /// <summary>Starts to watch it. For the loop.</summary>
    internal void Watch()
    {
        Input?.Watch();
        Output?.Watch();
        Error?.Watch();
        OutputStream?.Watch();
        ErrorStream?.Watch();
        _loop.Add(this);
        if (_options.Timeout is { } timeout)
        {
            _loop.After(timeout, _expire!);
        }
    }

    /// <summary>The system's id of the process.</summary>
    internal int ProcessId { get; }

    /// <summary>What it wrote to its standard output, or to both streams when they are merged; null when not captured, or read along.</summary>
    internal ExecOutput? Output { get; }

    /// <summary>What it wrote to its standard error; null when not captured, merged, or read along.</summary>
    internal ExecOutput? Error { get; }

    /// <summary>Its standard output, for a host that reads along; null when not captured.</summary>
    internal ExecStream? OutputStream { get; }

    /// <summary>Its standard error, likewise.</summary>
    internal ExecStream? ErrorStream { get; }

    /// <summary>What it reads; null when that is nothing.</summary>
    internal ExecInput? Input { get; }

    /// <summary>Whether its host reads along.</summary>
    internal bool StreamsOutput => _options.StreamsOutput;

    /// <summary>Whether its host may bring more input.</summary>
    internal bool StreamsInput => _options.StreamsInput;

    /// <summary>Tells requests that wait; null for a program that does not stream.</summary>
    internal ExecNews? News { get; }

    /// <summary>What the last request that read along was told, whatever that was; so it is told what is new without a wait. Any thread's.</summary>
    internal int Told { get; set; }

    /// <summary>The status that waitpid(2) gave. Meaningful once <see cref="HasExited"/>.</summary>
    internal int WaitStatus { get; private set; }

    /// <summary>When the process ended, on the loop's clock. Meaningful once <see cref="HasExited"/>.</summary>
    internal long ExitTimestamp { get; private set; }

    /// <summary>Whether the process itself is over.</summary>
    internal bool HasExited => _exited;

    /// <summary>Whether it is over, with all its output.</summary>
    internal bool HasEnded => _exited && Output is null or { IsComplete: true } && Error is null or { IsComplete: true };

    /// <inheritdoc/>
    public int Descriptor => (int)_pidFd.DangerousGetHandle();

    /// <inheritdoc/>
    public short Events => Libc.POLLIN;

    /// <summary>Whether nobody holds its output open, as far as anybody wants to know.</summary>
    private bool IsOutputOver => _isDisposed
        || (Output is null or { IsComplete: true } && Error is null or { IsComplete: true }
            && OutputStream is null or { IsComplete: true } && ErrorStream is null or { IsComplete: true });

    /// <inheritdoc/>
    public void OnReady(short happened)
    {
        bool reap = IsOutputOver && !_isKillDue;
        if (!(reap ? Libc.WaitPid(ProcessId, out int status, Libc.WNOHANG) != 0 : Libc.TryPeekAtEnd(ProcessId, out status)))
        {
            return;
        }

        WaitStatus = status;
        ExitTimestamp = _loop.Time.GetTimestamp();
        _exited = true;
        _loop.Remove(this);
        _pidFd.Dispose();
        if (StreamsInput)
        {
            Input?.Dispose();
        }

        if (reap)
        {
            IsReaped();
        }

        News?.Tell();
    }

    /// <summary>Sends a signal to its group; to nobody once it is over. For the loop.</summary>
    internal void Signal(int signal)
    {
        if (!_isReaped && Libc.Kill(-ProcessId, signal) < 0 && Errno.Last == Errno.ESRCH && !_exited)
        {
            // It has gone to another group.
            Libc.Kill(ProcessId, signal);
        }
    }

    /// <summary>Gives back what it holds. The process itself is left alone; while it runs the loop goes on to wait for it.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        Input?.Dispose();
        Output?.Dispose();
        Error?.Dispose();
        OutputStream?.Dispose();
        ErrorStream?.Dispose();
        ReapWhenOver();
    }

    private void ReapWhenOver()
    {
        if (_exited && !_isReaped && !_isKillDue && IsOutputOver)
        {
            Libc.WaitPid(ProcessId, out _, Libc.WNOHANG);
            IsReaped();
        }
    }

    private void IsReaped()
    {
        _isReaped = true;
        if (_expire is not null)
        {
            _loop.Forget(_expire);
        }
    }

    private void Expire()
    {
        Signal(Libc.SIGTERM);
        _isKillDue = true;
        _loop.After(s_killPause, () =>
        {
            Signal(Libc.SIGKILL);
            _isKillDue = false;
            ReapWhenOver();
        });
    }
}
