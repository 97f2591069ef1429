using System.Diagnostics;

namespace Guestwire.Bench;

/// <summary>How long something took that was done over and over again.</summary>
/// <param name="Count">How often it was done.</param>
/// <param name="Elapsed">Altogether.</param>
/// <param name="Processor">Processor time of the server meanwhile; zero when it runs in a guest.</param>
internal readonly record struct Repetition(int Count, TimeSpan Elapsed, TimeSpan Processor)
{
    /// <summary>Times a second.</summary>
    internal double Rate => Count / Elapsed.TotalSeconds;

    /// <summary>The server's processor time for one.</summary>
    internal double ProcessorMicroseconds => Processor.TotalMicroseconds / Count;

    /// <summary>Does something for <paramref name="time"/>, but at least <paramref name="least"/> times.</summary>
    internal static Repetition Run(Server server, TimeSpan time, int least, Action once)
    {
        int count = 0;
        TimeSpan processor = server.ProcessorTime;
        long began = Stopwatch.GetTimestamp();
        do
        {
            once();
            count++;
        }
        while (count < least || Stopwatch.GetElapsedTime(began) < time);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        return new Repetition(count, elapsed, server.ProcessorTime - processor);
    }
}
