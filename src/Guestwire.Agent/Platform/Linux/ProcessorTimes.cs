using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// The processors' lines of <c>/proc/stat</c>. A line: <c>cpuN</c>, then times in clock ticks, parted by blanks:
/// user nice system idle iowait irq softirq steal guest guest_nice. Older kernels end the line early. The line <c>cpu</c>,
/// the sum of all, and everything else in the file is passed over. Source: proc_stat(5).
/// </summary>
internal static class ProcessorTimes
{
    private const int MandatoryTimes = 4;

    /// <summary>Reads the lines.</summary>
    /// <param name="text">Content of the file.</param>
    /// <param name="ticksPerSecond">Unit of the times; 100 wherever Linux runs.</param>
    /// <returns>The processors in the order of the file, up to the first line that lacks a mandatory time.</returns>
    internal static List<GuestCpuStats> Parse(ReadOnlySpan<byte> text, long ticksPerSecond)
    {
        ulong perSecond = ticksPerSecond > 0 ? (ulong)ticksPerSecond : 100;
        List<GuestCpuStats> processors = [];
        TextLines lines = new(text);
        Span<ulong> times = stackalloc ulong[10];
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!line.StartsWith("cpu"u8))
            {
                continue;
            }

            TextFields fields = new(line[3..]);
            if (line.Length == 3 || !char.IsAsciiDigit((char)line[3]) || !fields.TryRead(out long number))
            {
                continue;
            }

            times.Clear();
            int count = 0;
            while (count < times.Length && fields.TryRead(out ulong ticks))
            {
                times[count++] = ToMilliseconds(ticks, perSecond);
            }

            if (count < MandatoryTimes)
            {
                break;
            }

            processors.Add(Describe(number, times, count));
        }

        return processors;
    }

    private static GuestCpuStats Describe(long number, ReadOnlySpan<ulong> times, int count) =>
        new GuestCpuStats.Linux(new GuestLinuxCpuStats
        {
            Cpu = number,
            User = times[0],
            Nice = times[1],
            System = times[2],
            Idle = times[3],
            Iowait = count > 4 ? times[4] : null,
            Irq = count > 5 ? times[5] : null,
            // They came to Linux together, so hosts expect both.
            Softirq = count > 5 ? times[6] : null,
            Steal = count > 7 ? times[7] : null,
            Guest = count > 8 ? times[8] : null,
            Guestnice = count > 9 ? times[9] : null,
        });

    // In two steps, because a product of 64 bits would wrap around for an absurd counter.
    private static ulong ToMilliseconds(ulong ticks, ulong perSecond) =>
        unchecked((ticks / perSecond * 1000) + (ticks % perSecond * 1000 / perSecond));
}
