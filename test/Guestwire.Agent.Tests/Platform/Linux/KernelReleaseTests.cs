using System.Text;
using Guestwire.Agent.Platform.Linux;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class KernelReleaseTests
{
    [Theory]
    [InlineData("6.1.0-18-amd64", "6.1")]
    [InlineData("5.10", "5.10")]
    [InlineData("4.18.0-553.el8\0\0", "4.18")]
    [InlineData("", null)]
    [InlineData("6", null)]
    [InlineData("6-rc1", null)]
    [InlineData("6.x", null)]
    [InlineData("99999.1", null)]
    public void The_first_two_numbers_count(string release, string? expected) =>
        Assert.Equal(expected, KernelRelease.TryParse(Encoding.ASCII.GetBytes(release))?.ToString());

    [Fact]
    public void This_system_has_one() => Assert.NotNull(KernelRelease.OfThisSystem());
}
