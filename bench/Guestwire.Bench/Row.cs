namespace Guestwire.Bench;

/// <summary>A row of the table.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Unit">Of the numbers.</param>
/// <param name="Digits">After the decimal point.</param>
internal sealed record Row(string Name, string Unit, int Digits)
{
    /// <summary>From the start of the process to the first reply.</summary>
    internal static readonly Row Start = new("start to first answer", "ms", 1);

    /// <summary>Resident memory after the first reply.</summary>
    internal static readonly Row IdleMemory = new("idle memory (RSS)", "KiB", 0);

    /// <summary>The part of it that no other process shares and that was written to.</summary>
    internal static readonly Row IdlePrivateMemory = new("idle memory, private and dirty", "KiB", 0);

    /// <summary>Half of the pings take no longer.</summary>
    internal static readonly Row PingMedian = new("ping round trip, p50", "us", 1);

    /// <summary>All pings but one in a hundred take no longer.</summary>
    internal static readonly Row PingWorstHundredth = new("ping round trip, p99", "us", 1);

    /// <summary>Pings sent without waiting for replies.</summary>
    internal static readonly Row PipelinedPings = new("pipelined pings", "/s", 0);

    /// <summary>guest-exec of /bin/true until guest-exec-status says that it has ended.</summary>
    internal static readonly Row Exec = new("exec of /bin/true", "/s", 0);

    /// <summary>guest-file-read of one MiB at a time.</summary>
    internal static readonly Row FileRead = new("file read, 1 MiB chunks", "MiB/s", 0);

    /// <summary>guest-file-read of the largest count that is allowed.</summary>
    internal static readonly Row FileReadWhole = new("file read, 48 MiB chunk", "MiB/s", 0);

    /// <summary>guest-file-write of one MiB at a time.</summary>
    internal static readonly Row FileWrite = new("file write, 1 MiB chunks", "MiB/s", 0);

    /// <summary>The most memory at any time of all this.</summary>
    internal static readonly Row PeakMemory = new("peak memory", "KiB", 0);

    /// <summary>Resident memory after all this.</summary>
    internal static readonly Row MemoryAfterwards = new("memory afterwards (RSS)", "KiB", 0);

    /// <summary>All rows in the table's order.</summary>
    internal static readonly IReadOnlyList<Row> All =
    [
        IdleMemory, IdlePrivateMemory, Start, PingMedian, PingWorstHundredth, PipelinedPings, FileRead, FileReadWhole, FileWrite,
        Exec, PeakMemory, MemoryAfterwards,
    ];
}
