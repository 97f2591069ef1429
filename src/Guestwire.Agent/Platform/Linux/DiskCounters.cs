using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// <c>/proc/diskstats</c>. A line: major, minor, name, then counters parted by blanks. Four of them, from kernels before 2.6.25
/// for partitions: reads, sectors read, writes, sectors written. Otherwise reads, merges, sectors, ticks; the same for writes;
/// requests under way, total ticks, weighted ticks; since 4.18 the four of discards; since 5.5 flushes and their ticks.
/// Source: Documentation/admin-guide/iostats.rst of the kernel.
/// </summary>
internal static class DiskCounters
{
    private const int ShortForm = 4;
    private const int WithDiscards = 15;
    private const int WithFlushes = 17;

    /// <summary>Reads the lines, in order. A line with fewer than four counters is passed over.</summary>
    internal static List<GuestDiskStatsInfo> Parse(ReadOnlySpan<byte> text)
    {
        List<GuestDiskStatsInfo> disks = [];
        TextLines lines = new(text);
        Span<ulong> counters = stackalloc ulong[WithFlushes];
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            TextFields fields = new(line);
            if (!fields.TryRead(out ulong major) || !fields.TryRead(out ulong minor) || !fields.TryReadText(out string name))
            {
                continue;
            }

            int count = 0;
            while (count < counters.Length && fields.TryRead(out counters[count]))
            {
                count++;
            }

            if (count >= ShortForm)
            {
                GuestDiskStats stats = count == ShortForm ? DescribeShort(counters) : Describe(counters[..count]);
                disks.Add(new GuestDiskStatsInfo { Name = name, Major = major, Minor = minor, Stats = stats });
            }
        }

        return disks;
    }

    private static GuestDiskStats DescribeShort(ReadOnlySpan<ulong> counters) => new()
    {
        ReadIos = counters[0],
        ReadSectors = counters[1],
        WriteIos = counters[2],
        WriteSectors = counters[3],
    };

    private static GuestDiskStats Describe(ReadOnlySpan<ulong> counters)
    {
        bool discards = counters.Length >= WithDiscards;
        bool flushes = counters.Length >= WithFlushes;
        return new GuestDiskStats
        {
            ReadIos = At(counters, 0),
            ReadMerges = At(counters, 1),
            ReadSectors = At(counters, 2),
            ReadTicks = At(counters, 3),
            WriteIos = At(counters, 4),
            WriteMerges = At(counters, 5),
            WriteSectors = At(counters, 6),
            WriteTicks = At(counters, 7),
            IosPgr = At(counters, 8),
            TotalTicks = At(counters, 9),
            WeightTicks = At(counters, 10),
            DiscardIos = discards ? counters[11] : null,
            DiscardMerges = discards ? counters[12] : null,
            DiscardSectors = discards ? counters[13] : null,
            DiscardTicks = discards ? counters[14] : null,
            FlushIos = flushes ? counters[15] : null,
            FlushTicks = flushes ? counters[16] : null,
        };
    }

    private static ulong? At(ReadOnlySpan<ulong> counters, int index) => index < counters.Length ? counters[index] : null;
}
