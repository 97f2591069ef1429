using Guestwire.Cli.Top;

namespace Guestwire.Cli.Tests.Top;

public sealed class RatesTests
{
    [Theory]
    [InlineData("sda", false)]
    [InlineData("sda1", true)]
    [InlineData("nvme0n1", false)]
    [InlineData("nvme0n1p2", true)]
    [InlineData("dm-0", true)]
    [InlineData("loop3", true)]
    [InlineData("sr0", false)]
    [InlineData("vdb12", false)]
    public void What_is_counted_with_another_device_is_a_part(string name, bool isPart) =>
        Assert.Equal(isPart, Rates.IsPart(name, new HashSet<string> { "sda", "sda1", "nvme0n1", "nvme0n1p2", "dm-0", "loop3", "sr0", "vdb12" }));
}
