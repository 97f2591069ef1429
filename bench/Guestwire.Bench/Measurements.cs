using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Guestwire.Bench;

/// <summary>What is measured of one freshly started agent, by name: the table's rows.</summary>
internal static class Measurements
{
    private const int MiB = 1024 * 1024;
    private const int FileMiB = 48;

    private static readonly byte[] Ping = "{\"execute\":\"guest-ping\"}\n"u8.ToArray();

    /// <summary>Measures a program once.</summary>
    internal static IReadOnlyDictionary<Row, double> Take(string program)
    {
        Dictionary<Row, double> results = [];
        using RunningAgent agent = new(program);
        results[Row.Start] = agent.StartToAnswer.TotalMilliseconds;
        results[Row.IdleMemory] = agent.ReadMemory("Rss");
        results[Row.IdlePrivateMemory] = agent.ReadMemory("Private_Dirty");
        MeasurePings(agent.Connection, results);
        MeasureExec(agent.Connection, results);
        MeasureFiles(agent, results);
        results[Row.PeakMemory] = agent.ReadPeakMemory();
        results[Row.MemoryAfterwards] = agent.ReadMemory("Rss");
        return results;
    }

    private static void MeasurePings(Connection connection, Dictionary<Row, double> results)
    {
        const int Warm = 500;
        const int Count = 10_000;
        double[] microseconds = new double[Count];
        for (int i = -Warm; i < Count; i++)
        {
            long started = Stopwatch.GetTimestamp();
            connection.Ask(Ping);
            microseconds[Math.Max(i, 0)] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        Array.Sort(microseconds);
        results[Row.PingMedian] = microseconds[Count / 2];
        results[Row.PingWorstHundredth] = microseconds[Count * 99 / 100];

        const int Pipelined = 50_000;
        byte[] pings = [.. Enumerable.Repeat(Ping, Pipelined).SelectMany(ping => ping)];
        long begun = Stopwatch.GetTimestamp();
        Thread sender = new(() => connection.Send(pings));
        sender.Start();
        connection.SkipLines(Pipelined);
        results[Row.PipelinedPings] = Pipelined / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        sender.Join();
    }

    private static void MeasureExec(Connection connection, Dictionary<Row, double> results)
    {
        const int Cycles = 300;
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < Cycles; i++)
        {
            string started = Encoding.ASCII.GetString(connection.Ask("{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/true\"}}\n"u8));
            byte[] status = Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{{\"execute\":\"guest-exec-status\",\"arguments\":{{\"pid\":{Number(started)}}}}}\n"));
            while (connection.Ask(status).IndexOf("\"exited\": true"u8) < 0)
            {
            }
        }

        results[Row.Exec] = Cycles / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static void MeasureFiles(RunningAgent agent, Dictionary<Row, double> results)
    {
        string path = Path.Combine(agent.Folder, "data");
        byte[] chunk = new byte[MiB];
        new Random(1).NextBytes(chunk);

        long handle = Open(agent.Connection, path, "w");
        byte[] write = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"execute\":\"guest-file-write\",\"arguments\":{{\"handle\":{handle},\"buf-b64\":\"{Convert.ToBase64String(chunk)}\"}}}}\n"));
        results[Row.FileWrite] = MiBPerSecond(agent.Connection, write, FileMiB);
        Close(agent.Connection, handle);

        handle = Open(agent.Connection, path, "r");
        byte[] read = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{{\"execute\":\"guest-file-read\",\"arguments\":{{\"handle\":{handle},\"count\":{MiB}}}}}\n"));
        results[Row.FileRead] = MiBPerSecond(agent.Connection, read, FileMiB);
        Close(agent.Connection, handle);

        handle = Open(agent.Connection, path, "r");
        byte[] whole = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{{\"execute\":\"guest-file-read\",\"arguments\":{{\"handle\":{handle},\"count\":{FileMiB * MiB}}}}}\n"));
        results[Row.FileReadWhole] = MiBPerSecond(agent.Connection, whole, 1) * FileMiB;
        Close(agent.Connection, handle);
    }

    private static double MiBPerSecond(Connection connection, byte[] request, int times)
    {
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
        {
            ReadOnlySpan<byte> reply = connection.Ask(request);
            if (!reply.StartsWith("{\"return\": "u8))
            {
                throw new InvalidOperationException(Encoding.ASCII.GetString(reply[..Math.Min(reply.Length, 200)]));
            }
        }

        return times / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static long Open(Connection connection, string path, string mode) =>
        Number(Encoding.ASCII.GetString(connection.Ask(Encoding.UTF8.GetBytes(
            $"{{\"execute\":\"guest-file-open\",\"arguments\":{{\"path\":\"{path}\",\"mode\":\"{mode}\"}}}}\n"))));

    private static void Close(Connection connection, long handle) =>
        connection.Ask(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{{\"execute\":\"guest-file-close\",\"arguments\":{{\"handle\":{handle}}}}}\n")));

    // The first number in a reply: what guest-file-open and guest-exec return.
    private static long Number(string reply)
    {
        int begin = reply.AsSpan().IndexOfAnyInRange('0', '9');
        int length = begin < 0 ? 0 : reply.AsSpan(begin).IndexOfAnyExceptInRange('0', '9');
        return length > 0
            ? long.Parse(reply.AsSpan(begin, length), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"no number in {reply}");
    }
}
