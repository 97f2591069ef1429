using System.Text;
using Guestwire.Agent.Daemon.Logging;

namespace Guestwire.Agent.Daemon.Tests.Logging;

public sealed class LogLineTests
{
    [Theory]
    [InlineData(0, "0.000000")]
    [InlineData(17763120051234567, "1776312005.123456")]
    [InlineData(17763120050000019, "1776312005.000001")]
    [InlineData(17763120059999999, "1776312005.999999")]
    public void The_time_is_in_seconds_with_six_digits_behind_the_point(long ticksSince1970, string expected) =>
        Assert.Equal(
            $"{expected}: critical: text\n",
            Encoding.UTF8.GetString(LogLine.Format(DateTimeOffset.UnixEpoch.AddTicks(ticksSince1970), LogLevel.Critical, "text")));

    [Fact]
    public void Levels_have_the_names_of_the_reference() => Assert.Equal(
        ["error", "critical", "warning", "message", "info", "debug"], Enum.GetValues<LogLevel>().Select(LogLine.Name));
}
