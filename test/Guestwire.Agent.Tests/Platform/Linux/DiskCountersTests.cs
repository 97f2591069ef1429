using System.Text;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class DiskCountersTests
{
    [Fact]
    public void Seventeen_counters_fill_everything() => Assert.Equal(
        new GuestDiskStatsInfo
        {
            Major = 8,
            Minor = 16,
            Name = "sdb",
            Stats = new GuestDiskStats
            {
                ReadIos = 1,
                ReadMerges = 2,
                ReadSectors = 3,
                ReadTicks = 4,
                WriteIos = 5,
                WriteMerges = 6,
                WriteSectors = 7,
                WriteTicks = 8,
                IosPgr = 9,
                TotalTicks = 10,
                WeightTicks = 11,
                DiscardIos = 12,
                DiscardMerges = 13,
                DiscardSectors = 14,
                DiscardTicks = 15,
                FlushIos = 16,
                FlushTicks = 17,
            },
        },
        Assert.Single(Parse("   8      16 sdb 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n")));

    [Fact]
    public void Four_counters_are_the_short_form_of_a_partition() => Assert.Equal(
        new GuestDiskStats { ReadIos = 1, ReadSectors = 2, WriteIos = 3, WriteSectors = 4 },
        Assert.Single(Parse("8 1 sda1 1 2 3 4\n")).Stats);

    [Fact]
    public void A_line_cut_short_fills_what_it_has() => Assert.Equal(
        new GuestDiskStats { ReadIos = 1, ReadMerges = 2, ReadSectors = 3, ReadTicks = 4, WriteIos = 5 },
        Assert.Single(Parse("8 1 sda1 1 2 3 4 5\n")).Stats);

    [Theory]
    [InlineData(14, false, false)]
    [InlineData(15, true, false)]
    [InlineData(16, true, false)]
    [InlineData(17, true, true)]
    public void Discards_and_flushes_come_whole_or_not_at_all(int count, bool discards, bool flushes)
    {
        GuestDiskStats stats = Assert.Single(Parse("8 1 sda " + string.Join(' ', Enumerable.Range(1, count)))).Stats;

        Assert.Equal((discards, discards, flushes, flushes), (stats.DiscardIos.HasValue, stats.DiscardTicks.HasValue, stats.FlushIos.HasValue, stats.FlushTicks.HasValue));
        Assert.Equal(11UL, stats.WeightTicks);
    }

    [Fact]
    public void Lines_keep_their_order_and_broken_ones_are_passed_over() =>
        Assert.Equal(["b", "a"], Parse("1 0 b 1 2 3 4\nx\n8 0\n8 0 sda\n8 0 sda 1 2 3\n8 0 sda one two three four\n2 0 a 1 2 3 4").Select(disk => disk.Name));

    private static List<GuestDiskStatsInfo> Parse(string text) => DiskCounters.Parse(Encoding.ASCII.GetBytes(text));
}
