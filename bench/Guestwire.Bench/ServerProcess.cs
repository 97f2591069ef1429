using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Guestwire.Bench;

/// <summary>A process that we started, what it costs, and its end.</summary>
internal sealed class ServerProcess : IDisposable
{
    // What the programs find is the same for all, whoever calls us.
    private static readonly string[] Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C"];

    private readonly int id;
    private bool ended;
    private int status;

    private ServerProcess(int id, long started)
    {
        this.id = id;
        Started = started;
        Interruption.Watch(id);
    }

    /// <summary>When it was asked for, in ticks of <see cref="Stopwatch"/>.</summary>
    internal long Started { get; }

    /// <summary>The processor time that it has used, all its threads together, but not its children.</summary>
    internal TimeSpan ProcessorTime
    {
        get
        {
            // The clock of another process. Source: MAKE_PROCESS_CPUCLOCK of linux/posix-timers_types.h, with CPUCLOCK_SCHED.
            int clock = (~id << 3) | 2;
            return Libc.GetTime(clock, out Libc.Time time) == 0
                ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Fraction / 1000.0)
                : throw new BenchException("the processor time of the program cannot be read: has it ended?");
        }
    }

    /// <summary>Starts a program; what it prints goes to files.</summary>
    internal static ServerProcess Start(string[] commandLine, string outputFile, string errorFile)
    {
        // posix_spawnattr_t has 336 bytes, posix_spawn_file_actions_t has 80, sigset_t has 128.
        Span<byte> attributes = stackalloc byte[512];
        Span<byte> fileActions = stackalloc byte[512];
        Span<byte> signals = stackalloc byte[128];
        // The runtime ignores SIGPIPE, and what is ignored stays so in a new program. It is number 13, bit 12.
        signals.Clear();
        signals[1] = 1 << 4;
        _ = Libc.InitializeAttributes(attributes);
        _ = Libc.SetDefaultSignals(attributes, signals);
        _ = Libc.SetFlags(attributes, Libc.SetSignalDefaults);
        _ = Libc.InitializeFileActions(fileActions);
        _ = Libc.AddOpen(fileActions, 0, "/dev/null", 0, 0);
        _ = Libc.AddOpen(fileActions, 1, outputFile, Libc.WriteOnlyCreateTruncate, 0x180);
        _ = Libc.AddOpen(fileActions, 2, errorFile, Libc.WriteOnlyCreateTruncate, 0x180);
        nint[] words = MakeStrings(commandLine);
        nint[] environment = MakeStrings(Environment);
        try
        {
            long started = Stopwatch.GetTimestamp();
            int error = Libc.Spawn(out int id, commandLine[0], fileActions, attributes, words, environment);
            return error == 0
                ? new ServerProcess(id, started)
                : throw new BenchException($"cannot start {commandLine[0]}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
        finally
        {
            _ = Libc.DestroyFileActions(fileActions);
            Array.ForEach(words, Marshal.FreeCoTaskMem);
            Array.ForEach(environment, Marshal.FreeCoTaskMem);
        }
    }

    /// <summary>Looks whether it still runs.</summary>
    internal bool IsRunning()
    {
        ended = ended || Libc.WaitFor(id, out status, Libc.NoHang) == id;
        return !ended;
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its status as wait(2) tells it: 0 when all is well.</returns>
    internal int WaitForEnd()
    {
        while (!ended)
        {
            ended = Libc.WaitFor(id, out status, 0) == id || Marshal.GetLastPInvokeError() != Libc.Interrupted;
        }

        return status;
    }

    /// <summary>A line of the process' smaps_rollup, in bytes: <c>Rss</c>, <c>Pss</c>, <c>Private_Dirty</c>.</summary>
    internal long ReadMemory(string name) => ReadKilobytes("smaps_rollup", name) * 1024;

    /// <summary>The most resident memory that the process ever had, in bytes.</summary>
    internal long ReadPeakMemory() => ReadKilobytes("status", "VmHWM") * 1024;

    /// <summary>How often its threads have given up a processor, or had to: each time one of them woke up before.</summary>
    internal long ReadSwitches() =>
        Directory.GetDirectories($"/proc/{id}/task").Sum(thread => File.ReadLines(Path.Combine(thread, "status"))
            .Where(line => line.Contains("ctxt_switches:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.AsSpan(line.IndexOf(':') + 1), CultureInfo.InvariantCulture)));

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (IsRunning())
        {
            _ = Libc.Kill(id, Libc.KillSignal);
        }

        // Before the last wait: after it the number may soon be another's.
        Interruption.Forget(id);
        WaitForEnd();
    }

    private long ReadKilobytes(string file, string name)
    {
        string line = File.ReadLines($"/proc/{id}/{file}").First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length + 1).Trim(" \tkB"), CultureInfo.InvariantCulture);
    }

    private static nint[] MakeStrings(string[] strings) => [.. strings.Select(Marshal.StringToCoTaskMemUTF8), 0];
}
