using System.Text;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// <c>/proc/PID/stat</c>, one line: <c>PID (NAME) STATE PPID PGRP ...</c>. The name may hold anything, blanks and brackets too, and ends with the last
/// bracket. Behind it are numbers, counted here as the manual does: 4 the parent, 14 and 15 the time used, in ticks, by the process and by the
/// kernel for it, 20 the threads, 22 the start, in ticks since boot, 24 the pages in memory. Source: proc_pid_stat(5).
/// </summary>
internal readonly record struct ProcessStat
{
    /// <summary>The name of the program.</summary>
    internal string Name { get; private init; }

    /// <summary>What it does, a letter.</summary>
    internal char State { get; private init; }

    /// <summary>Its parent.</summary>
    internal long Parent { get; private init; }

    /// <summary>Processor time that it has used, in ticks.</summary>
    internal long CpuTicks { get; private init; }

    /// <summary>How many threads it has.</summary>
    internal long Threads { get; private init; }

    /// <summary>When it started, in ticks since boot.</summary>
    internal long StartTicks { get; private init; }

    /// <summary>Pages that it has in memory.</summary>
    internal long ResidentPages { get; private init; }

    /// <summary>Reads the line.</summary>
    /// <returns>False when it is none.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> line, out ProcessStat stat)
    {
        stat = default;
        int open = line.IndexOf((byte)'(');
        int close = line.LastIndexOf((byte)')');
        if (open < 0 || close < open)
        {
            return false;
        }

        TextFields fields = new(line[(close + 1)..].TrimEnd((byte)'\n'));
        if (!fields.TryRead(out ReadOnlySpan<byte> state) || state.Length != 1)
        {
            return false;
        }

        Span<long> numbers = stackalloc long[25];
        for (int i = 4; i < numbers.Length; i++)
        {
            // Some are beyond 63 bits, and none of these is wanted.
            if (!fields.TryRead(out numbers[i]) && !fields.TryRead(out ReadOnlySpan<byte> _))
            {
                return false;
            }
        }

        stat = new ProcessStat
        {
            Name = Encoding.UTF8.GetString(line[(open + 1)..close]),
            State = (char)state[0],
            Parent = numbers[4],
            CpuTicks = numbers[14] + numbers[15],
            Threads = numbers[20],
            StartTicks = numbers[22],
            ResidentPages = numbers[24],
        };
        return true;
    }
}
