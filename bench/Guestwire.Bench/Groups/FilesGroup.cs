namespace Guestwire.Bench.Groups;

/// <summary>
/// guest-file-read and guest-file-write, by size of chunk. Requests are made before the clock starts, replies are counted and not
/// decoded; that the right bytes arrive is checked once for each size, outside.
/// </summary>
internal sealed class FilesGroup : IGroup
{
    private const int KiB = 1 << 10;
    private const int MiB = 1 << 20;

    private static readonly (int Bytes, Row Row)[] Reads =
    [
        Cell("read", 4 * KiB), Cell("read", 64 * KiB), Cell("read", MiB, Promise.AtLeastTimes(6)), Cell("read", 16 * MiB),
        Cell("read", 48 * MiB, Promise.AtLeastTimes(8)),
    ];

    // The reference refuses a write of 48 MiB: 64 MiB of base64 is the longest string that it takes.
    private static readonly (int Bytes, Row Row)[] Writes =
    [
        Cell("write", 4 * KiB), Cell("write", 64 * KiB), Cell("write", MiB, Promise.AtLeastTimes(20)), Cell("write", 16 * MiB),
        Cell("write", 40 * MiB, Promise.AtLeastTimes(20)),
    ];

    private static readonly Row ReadProcessor = new("processor time of reading 1 MiB", "ms", 3);
    private static readonly Row WriteProcessor = new("processor time of writing 1 MiB", "ms", 3);
    private static readonly Row Kept = new("memory kept after all of these", "MB", 2, Promise.AtMost(1));

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(0.4);

    /// <summary>Within it an agent has given back what only a busy one needs.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public string Name => "files";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows =>
        [.. Reads.Select(read => read.Row), ReadProcessor, .. Writes.Select(write => write.Row), WriteProcessor, Kept];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        turn.Results.Note($"Files lie in {turn.Data.Description}.");
        using Server server = turn.Start();
        Interruption.Pause(server.Process is null ? TimeSpan.Zero : Settle);
        long idle = server.Process?.ReadMemory("Rss") ?? 0;

        string file = turn.Data.PutFile(server.Connection, "read", turn.Data.Bytes);
        foreach ((int bytes, Row row) in Reads.Where(read => read.Bytes <= turn.Data.FileBytes))
        {
            Repetition reading = Read(turn, server, file, bytes);
            Add(turn, server, row, ReadProcessor, bytes, reading);
        }

        file = turn.Data.PutFile(server.Connection, "write", new byte[turn.Data.FileBytes]);
        foreach ((int bytes, Row row) in Writes.Where(write => write.Bytes <= turn.Data.FileBytes))
        {
            Repetition writing = Write(turn, server, file, bytes);
            Add(turn, server, row, WriteProcessor, bytes, writing);
        }

        if (turn.Target.IsAgent && server.Process is not null)
        {
            Interruption.Pause(Settle);
            turn.Add(Kept, Math.Max(server.Process.ReadMemory("Rss") - idle, 0) / 1e6);
        }
    }

    private static Repetition Read(Turn turn, Server server, string file, int bytes)
    {
        FileCursor cursor = new(server.Connection, file, "r", turn.Data.FileBytes);
        byte[] request = Requests.FileRead(cursor.Handle, bytes);
        ReadOnlySpan<byte> first = server.Connection.Ask(request);
        if (turn.Target.IsAgent && !turn.Data.Bytes[..bytes].SequenceEqual(Requests.ReadBytes(first, "\"buf-b64\": \""u8)))
        {
            throw new BenchException($"{turn.Target.Name}: guest-file-read of {bytes} bytes gave other bytes than the file holds");
        }

        cursor.Rewind();
        long base64Bytes = (bytes + 2L) / 3 * 4;
        Repetition reading = Repetition.Run(server, Time, least: 2, () =>
        {
            if (server.Connection.Drain(cursor.Next(request, bytes)) < base64Bytes)
            {
                throw new BenchException($"{turn.Target.Name}: guest-file-read gave less than the {bytes} bytes that were there");
            }
        });
        cursor.Close();
        return reading;
    }

    private static Repetition Write(Turn turn, Server server, string file, int bytes)
    {
        // Not from the beginning: what was written by the last size would be there already.
        ReadOnlySpan<byte> content = turn.Data.Bytes[^bytes..];
        FileCursor cursor = new(server.Connection, file, "r+", turn.Data.FileBytes);
        byte[] request = Requests.FileWrite(cursor.Handle, content);
        server.Connection.Ask(request);
        cursor.Rewind();
        Repetition writing = Repetition.Run(server, Time, least: 2, () => server.Connection.Ask(cursor.Next(request, bytes)));
        cursor.Rewind();
        ReadOnlySpan<byte> back = server.Connection.Ask(Requests.FileRead(cursor.Handle, bytes));
        if (turn.Target.IsAgent && !content.SequenceEqual(Requests.ReadBytes(back, "\"buf-b64\": \""u8)))
        {
            throw new BenchException($"{turn.Target.Name}: after guest-file-write of {bytes} bytes the file holds others");
        }

        cursor.Close();
        return writing;
    }

    private static void Add(Turn turn, Server server, Row row, Row processor, int bytes, Repetition repetition)
    {
        turn.Add(row, repetition.Rate * bytes / 1e6);
        if (bytes == MiB && server.Process is not null)
        {
            turn.Add(processor, repetition.ProcessorMicroseconds / 1e3);
        }
    }

    private static (int Bytes, Row Row) Cell(string what, int bytes, Promise? promise = null) =>
        (bytes, new Row($"file {what}, {(bytes >= MiB ? $"{bytes / MiB} MiB" : $"{bytes / KiB} KiB")} chunks", "MB/s", 1, promise));
}
