using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class MemoryUseTests : IDisposable
{
    private const string Table = "MemTotal:       24683620 kB\nMemFree:        20707028 kB\nMemAvailable:   21238868 kB\nBuffers:            7016 kB\n"
        + "Cached:           685860 kB\nSwapCached:            9 kB\nSwapTotal:       1000 kB\nSwapFree:            400 kB\n";

    private readonly FileTree _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void Each_figure_comes_from_its_line_in_bytes()
    {
        _proc.File("meminfo", Table).File(
            "pressure/memory", "some avg10=0.50 avg60=12.25 avg300=100.00 total=123\nfull avg10=0.00 avg60=1.00 avg300=2.00 total=9007199254740993\n");

        GuestwireMemory memory = new MemoryUse(_proc.Root).Read();

        Assert.Equal(
            (24683620L, 21238868L, 20707028L, 7016L, 685860L, 1000L, 400L),
            (memory.TotalBytes / 1024, memory.AvailableBytes / 1024, memory.FreeBytes / 1024, memory.BuffersBytes / 1024, memory.CachedBytes / 1024,
                memory.SwapTotalBytes / 1024, memory.SwapFreeBytes / 1024));
        GuestwirePressure pressure = memory.Pressure!;
        Assert.Equal((0.5, 12.25, 100.0, 123L), (pressure.SomeAvg10, pressure.SomeAvg60, pressure.SomeAvg300, pressure.SomeTotalUs));
        Assert.Equal((0.0, 1.0, 2.0, 9007199254740993L), (pressure.FullAvg10, pressure.FullAvg60, pressure.FullAvg300, pressure.FullTotalUs));
    }

    [Fact]
    public void A_kernel_that_does_not_count_pressure_has_none()
    {
        _proc.File("meminfo", Table);

        Assert.Null(new MemoryUse(_proc.Root).Read().Pressure);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("MemTotal: much\n")]
    public void A_table_without_a_total_is_an_error(string? table)
    {
        if (table is not null)
        {
            _proc.File("meminfo", table);
        }

        Assert.Throws<QapiException>(() => new MemoryUse(_proc.Root).Read());
    }

    [Fact]
    public void This_machine_has_memory() => Assert.InRange(new MemoryUse().Read().AvailableBytes, 1, long.MaxValue);
}
