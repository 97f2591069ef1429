using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Daemon;

/// <summary>
/// SIGTERM and SIGINT, as something that a poll loop can wait for; SIGPIPE ignored.
/// <para>
/// A signalfd only delivers what every thread of the process blocks: the kernel gives a signal to any thread that does not
/// block it, and then its default action ends the process. So signals.c blocks them before the runtime has any thread; what comes
/// before there is a signalfd waits for it.
/// </para>
/// <para>
/// The other ways cost more or are worse: PosixSignalRegistration starts a thread and the console's machinery (0.4 MB); a
/// handler in managed code may interrupt the collector; a second exec with the mask set doubles the start; a collection, to get at the
/// runtime's finalizer thread, costs half a millisecond and 0.1 MB. Children must be started with an empty mask and SIGPIPE at its default.
/// </para>
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Signals : IDisposable
{
    /// <summary>SIGTERM and SIGINT in the first word of a <c>sigset_t</c>.</summary>
    private const ulong StopSignals = (1UL << (Libc.SIGTERM - 1)) | (1UL << (Libc.SIGINT - 1));

    private Signals(SafeFileHandle descriptor) => Descriptor = descriptor;

    /// <summary>Readable when the process was told to stop: <c>struct signalfd_siginfo</c>, non-blocking.</summary>
    public SafeFileHandle Descriptor { get; }

    /// <summary>Takes the signals over.</summary>
    public static Signals TakeOver()
    {
        Libc.Signal(Libc.SIGPIPE, Libc.SIG_IGN);

        // One that whoever started us ignored would make the system reap our programs, and their exit codes with them.
        Libc.Signal(Libc.SIGCHLD, Libc.SIG_DFL);
        SafeFileHandle descriptor = Libc.SignalFd(-1, StopSet(), Libc.SFD_CLOEXEC | Libc.SFD_NONBLOCK);
        return descriptor.IsInvalid
            ? throw new InvalidOperationException($"signalfd: {Errno.Text(Errno.Last)}")
            : new Signals(descriptor);
    }

    /// <summary>Lets the signals end this process at once, as they do with others: for one that only starts the agent, and may have to wait for it.</summary>
    public static void LeaveAlone() => _ = Libc.PthreadSigmask(Libc.SIG_UNBLOCK, StopSet(), 0);

    /// <summary>Waits until the process is told to stop, and takes that signal away.</summary>
    /// <param name="longest">How long to wait.</param>
    /// <returns>The signal's number; null when the time is over.</returns>
    public static int? WaitForStop(TimeSpan longest)
    {
        var timeout = new Libc.Timespec { Seconds = (long)longest.TotalSeconds };
        int signal;
        do
        {
            signal = Libc.SigTimedWait(StopSet(), 0, timeout);
        }
        while (signal < 0 && Errno.Last == Errno.EINTR);

        return signal < 0 ? null : signal;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static ulong[] StopSet()
    {
        ulong[] set = new ulong[Libc.SigsetWords];
        set[0] = StopSignals;
        return set;
    }
}
