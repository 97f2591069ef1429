using System.Runtime.InteropServices;

namespace Guestwire.Cli.Programs;

/// <summary>Signals by their numbers, which are the same on every Linux. Source: signal(7).</summary>
internal static class SignalNumbers
{
    internal const int Hangup = 1;
    internal const int Interrupt = 2;
    internal const int Quit = 3;
    internal const int Kill = 9;
    internal const int Pipe = 13;
    internal const int Terminate = 15;

    /// <summary>The number of a signal that came to us.</summary>
    internal static int Of(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => Hangup,
        PosixSignal.SIGINT => Interrupt,
        PosixSignal.SIGQUIT => Quit,
        _ => Terminate,
    };

    /// <summary>The exit code that stands for the end by a signal.</summary>
    internal static int ExitCodeOf(int signal) => 128 + signal;
}
