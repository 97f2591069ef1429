using System.Diagnostics;

namespace Guestwire.Bench.Groups;

/// <summary>The request with the least to do: what is left is the way there and back.</summary>
internal sealed class PingGroup : IGroup
{
    private static readonly Row Half = new("ping round trip, p50", "µs", 1, Promise.AtMostTimes(0.8));
    private static readonly Row Hundredth = new("ping round trip, p99", "µs", 1);
    private static readonly Row Thousandth = new("ping round trip, p99.9", "µs", 1);
    private static readonly Row Processor = new("processor time of a ping", "µs", 1);
    private static readonly Row Pipelined = new("pipelined pings", "/s", 0, Promise.AtLeastTimes(3));
    private static readonly Row PipelinedProcessor = new("processor time of a pipelined ping", "µs", 2);

    private const int MostPipelined = 500_000;

    /// <inheritdoc/>
    public string Name => "ping";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [Half, Hundredth, Thousandth, Processor, Pipelined, PipelinedProcessor];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        using Server server = turn.Start();
        Latencies latencies = Latencies.Take(server, TimeSpan.FromSeconds(0.7), warmUp: 500, () => server.Connection.Ask(Requests.Ping));
        turn.Add(Half, latencies.Percentile(0.5));
        turn.Add(Hundredth, latencies.Percentile(0.99));
        turn.Add(Thousandth, latencies.Percentile(0.999));

        // A first try tells how many fit in the time. The C server takes so many that they would not fit in memory.
        int count = Math.Min((int)(Pipeline(server, 1000).Rate * 0.5) + 1000, MostPipelined);
        Repetition pipelined = Pipeline(server, count);
        turn.Add(Pipelined, pipelined.Rate);
        if (server.Process is not null)
        {
            turn.Add(Processor, latencies.Whole.ProcessorMicroseconds);
            turn.Add(PipelinedProcessor, pipelined.ProcessorMicroseconds);
        }
    }

    // Sends without waiting for replies, while another thread takes them in: sending everything first would fill both buffers.
    private static Repetition Pipeline(Server server, int count)
    {
        byte[] pings = new byte[count * Requests.Ping.Length];
        for (int at = 0; at < pings.Length; at += Requests.Ping.Length)
        {
            Requests.Ping.CopyTo(pings, at);
        }

        Exception? failure = null;
        Thread sender = new(() =>
        {
            try
            {
                server.Connection.Send(pings);
            }
            catch (BenchException e)
            {
                failure = e;
            }
        });
        TimeSpan processor = server.ProcessorTime;
        long began = Stopwatch.GetTimestamp();
        sender.Start();
        server.Connection.SkipReplies(count, Requests.Ping);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        sender.Join();
        return failure is null ? new Repetition(count, elapsed, server.ProcessorTime - processor) : throw failure;
    }
}
