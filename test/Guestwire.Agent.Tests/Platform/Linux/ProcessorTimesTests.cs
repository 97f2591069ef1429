using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class ProcessorTimesTests
{
    [Fact]
    public void Ticks_become_milliseconds()
    {
        GuestLinuxCpuStats times = Assert.Single(Parse("cpu  9 9 9 9\ncpu7 1 2 3 4 5 6 7 8 9 10\nintr 5\n"u8));

        Assert.Equal(
            new GuestLinuxCpuStats
            {
                Cpu = 7,
                User = 10,
                Nice = 20,
                System = 30,
                Idle = 40,
                Iowait = 50,
                Irq = 60,
                Softirq = 70,
                Steal = 80,
                Guest = 90,
                Guestnice = 100,
            },
            times);
    }

    [Theory]
    [InlineData("1 2 3 4", null, null, null, null)]
    [InlineData("1 2 3 4 5", 50UL, null, null, null)]
    [InlineData("1 2 3 4 5 6", 50UL, 0UL, null, null)]
    [InlineData("1 2 3 4 5 6 7", 50UL, 70UL, null, null)]
    [InlineData("1 2 3 4 5 6 7 8", 50UL, 70UL, 80UL, null)]
    [InlineData("1 2 3 4 5 6 7 8 9", 50UL, 70UL, 80UL, 90UL)]
    public void Older_kernels_leave_times_out(string columns, ulong? iowait, ulong? softirq, ulong? steal, ulong? guest)
    {
        GuestLinuxCpuStats times = Assert.Single(Parse(System.Text.Encoding.ASCII.GetBytes("cpu0 " + columns)));

        Assert.Equal((iowait, softirq, steal, guest), (times.Iowait, times.Softirq, times.Steal, times.Guest));
        Assert.Null(times.Guestnice);
    }

    [Fact]
    public void A_line_without_the_first_four_times_ends_the_list() =>
        Assert.Equal(0, Assert.Single(Parse("cpu0 1 2 3 4\ncpu1 1 2 3\ncpu2 1 2 3 4\n"u8)).Cpu);

    [Theory]
    [InlineData("cpu")]
    [InlineData("cpu\n")]
    [InlineData("cpux 1 2 3 4\n")]
    [InlineData("cpu99999999999999999999 1 2 3 4\n")]
    [InlineData("")]
    public void What_is_no_processor_is_passed_over(string text) => Assert.Empty(Parse(System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_counter_near_the_limit_does_not_wrap_around() =>
        Assert.Equal(10_000_000_000_000_000_010UL, Assert.Single(Parse("cpu0 1000000000000000001 0 0 0"u8)).User);

    private static List<GuestLinuxCpuStats> Parse(ReadOnlySpan<byte> text) =>
        [.. ProcessorTimes.Parse(text, 100).Select(entry => Assert.IsType<GuestCpuStats.Linux>(entry).Content)];
}
