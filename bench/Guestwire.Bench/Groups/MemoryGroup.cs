namespace Guestwire.Bench.Groups;

/// <summary>What one large transfer does to the memory of an agent that has done nothing before, and what of that stays.</summary>
internal sealed class MemoryGroup : IGroup
{
    private const int MiB = 1 << 20;

    private static readonly Row ReadPeak = new("peak memory of one 48 MiB read", "MB", 2, Promise.AtMost(8));
    private static readonly Row ReadKept = new("memory kept after it", "MB", 2, Promise.AtMost(1));
    private static readonly Row WritePeak = new("peak memory of one 40 MiB write", "MB", 2);
    private static readonly Row WriteKept = new("memory kept after that", "MB", 2, Promise.AtMost(1));

    // The agent may tidy up when it has nothing to do.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [ReadPeak, ReadKept, WritePeak, WriteKept];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        if (turn.Target.IsAgent)
        {
            MeasureOne(turn, "r", handle => Requests.FileRead(handle, 48 * MiB), ReadPeak, ReadKept);
            MeasureOne(turn, "w", handle => Requests.FileWrite(handle, turn.Data.Bytes[..(40 * MiB)]), WritePeak, WriteKept);
        }
    }

    private static void MeasureOne(Turn turn, string mode, Func<long, byte[]> makeRequest, Row peak, Row kept)
    {
        using Server server = turn.Start();
        ServerProcess process = server.Process!;
        Interruption.Pause(Settle);
        long idle = process.ReadMemory("Rss");
        FileCursor cursor = new(server.Connection, turn.Data.PutFile(server.Connection, "once", turn.Data.Bytes), mode, turn.Data.FileBytes);
        server.Connection.Drain(makeRequest(cursor.Handle));
        cursor.Close();
        turn.Add(peak, process.ReadPeakMemory() / 1e6);
        Interruption.Pause(Settle);
        // Less than before, when the system has taken back pages of the program's file, is nothing kept.
        turn.Add(kept, Math.Max(process.ReadMemory("Rss") - idle, 0) / 1e6);
    }
}
