using System.Diagnostics;
using Guestwire.Fuzz.Coverage;
using Guestwire.Fuzz.Targets;

namespace Guestwire.Fuzz.Search;

/// <summary>Runs a target with one input: with the map of edges cleared before, bounds on time and memory, and every exception caught.</summary>
/// <param name="target">The target.</param>
internal sealed class InputRun(FuzzTarget target)
{
    /// <summary>An input that takes longer is a finding, if it does so again, on the processor: the machine may have been busy with others.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(500);

    private const int Tries = 3;

    /// <summary>Runs an input.</summary>
    /// <returns>What went wrong, or null.</returns>
    internal Fault? Execute(ReadOnlySpan<byte> input)
    {
        TimeSpan shortest = TimeSpan.MaxValue;
        for (int tries = 0; tries < Tries && shortest > s_longest; tries++)
        {
            EdgeMap.Clear();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long began = Stopwatch.GetTimestamp();
            TimeSpan usedBefore = tries == 0 ? default : Environment.CpuUsage.TotalTime;
            try
            {
                target.Run(input);
            }
            catch (Exception exception)
            {
                return Fault.Of(exception);
            }

            TimeSpan taken = tries == 0 ? Stopwatch.GetElapsedTime(began) : Environment.CpuUsage.TotalTime - usedBefore;
            shortest = taken < shortest ? taken : shortest;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (allocated > target.MaxAllocatedBytes)
            {
                return new Fault("an input is read in little memory", $"an input is read in little memory: {allocated} bytes were allocated");
            }
        }

        return shortest > s_longest ? new Fault("an input is read in no time", $"an input is read in no time: it took {shortest}") : null;
    }
}
