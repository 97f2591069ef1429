using System.Diagnostics;

namespace Guestwire.Bench;

/// <summary>How long each of many repetitions took.</summary>
internal sealed class Latencies
{
    // Enough for any number of pings that fit in the time.
    private static readonly double[] Buffer = new double[1_000_000];

    private readonly double[] sorted;

    private Latencies(double[] sorted, Repetition whole)
    {
        this.sorted = sorted;
        Whole = whole;
    }

    /// <summary>All of them together.</summary>
    internal Repetition Whole { get; }

    /// <summary>In microseconds: this share of all took no longer.</summary>
    internal double Percentile(double share) => sorted[Math.Min((int)(sorted.Length * share), sorted.Length - 1)];

    /// <summary>Does something for <paramref name="time"/> and looks at the clock around each, after some unmeasured ones.</summary>
    internal static Latencies Take(Server server, TimeSpan time, int warmUp, Action once)
    {
        for (int i = 0; i < warmUp; i++)
        {
            once();
        }

        int count = 0;
        Repetition whole = Repetition.Run(server, time, least: 5, () =>
        {
            long began = Stopwatch.GetTimestamp();
            once();
            Buffer[Math.Min(count++, Buffer.Length - 1)] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        });
        double[] sorted = Buffer[..Math.Min(count, Buffer.Length)];
        Array.Sort(sorted);
        return new Latencies(sorted, whole);
    }
}
