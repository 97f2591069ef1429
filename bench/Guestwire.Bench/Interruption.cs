using System.Runtime.InteropServices;

namespace Guestwire.Bench;

/// <summary>
/// Ends the run in order when somebody asks for it: the programs are ended, so whoever waits for a reply hears that nobody is
/// there any more, and what was set up is taken down on the way out.
/// </summary>
internal static class Interruption
{
    // Guards itself. A signal's handler has a thread of its own.
    private static readonly HashSet<int> Processes = [];

    private static readonly List<PosixSignalRegistration> Registrations = [];

    private static volatile bool isAsked;

    /// <summary>Listens for what usually ends a program.</summary>
    internal static void Prepare()
    {
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            Registrations.Add(PosixSignalRegistration.Create(signal, End));
        }
    }

    /// <summary>A process that ends with us.</summary>
    internal static void Watch(int process)
    {
        lock (Processes)
        {
            Processes.Add(process);
        }
    }

    /// <summary>A process that has ended.</summary>
    internal static void Forget(int process)
    {
        lock (Processes)
        {
            Processes.Remove(process);
        }
    }

    /// <exception cref="BenchException">Somebody has asked for the end.</exception>
    internal static void ThrowIfAsked()
    {
        if (isAsked)
        {
            throw new BenchException("interrupted");
        }
    }

    /// <summary>Waits, but not when the end is asked for.</summary>
    internal static void Pause(TimeSpan time)
    {
        DateTime end = DateTime.UtcNow + time;
        while (DateTime.UtcNow < end)
        {
            ThrowIfAsked();
            Thread.Sleep(TimeSpan.FromMilliseconds(100) < time ? TimeSpan.FromMilliseconds(100) : time);
        }
    }

    private static void End(PosixSignalContext context)
    {
        context.Cancel = true;
        isAsked = true;
        lock (Processes)
        {
            foreach (int process in Processes)
            {
                _ = Libc.Kill(process, Libc.KillSignal);
            }
        }
    }
}
