using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Commands;

public sealed class TimeCommandsTests
{
    private readonly NotedClock _clock = new();
    private readonly RecordedLog _log = new();
    private readonly TimeCommands _commands;

    public TimeCommandsTests() => _commands = new TimeCommands(new FixedTime(), _clock, _log);

    [Fact]
    public void The_time_is_in_nanoseconds_with_three_zeros_at_the_end() => Assert.Equal(1_500_000_000_123_456_000, _commands.GuestGetTime());

    [Fact]
    public void A_time_is_set_to_the_microsecond_and_then_written_to_the_hardware_clock()
    {
        Set(1_500_000_000_123_456_789);

        Assert.Equal(["set 1500000000.123456000", "set hardware"], _clock.Calls);
        Assert.Equal("", _log.Text);
    }

    [Fact]
    public void Without_a_time_the_hardware_clock_is_taken()
    {
        Set(null);

        Assert.Equal(["set from hardware"], _clock.Calls);
    }

    [Fact]
    public void Without_a_hardware_clock_the_time_is_set_and_the_log_says_so()
    {
        _clock.HasHardware = false;
        Set(1_000_000_000);

        Assert.Equal("set 1.000000000", _clock.Calls[0]);
        Assert.Contains("there is no hardware clock", _log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-999_999_999)]
    [InlineData(3_155_759_999_999_999_999)]
    public void Years_from_1970_to_2069_go_to_the_system(long time)
    {
        Set(time);

        Assert.Equal(2, _clock.Calls.Count);
    }

    [Theory]
    [InlineData(-1_000_000_000)]
    [InlineData(long.MinValue)]
    [InlineData(3_155_760_000_000_000_000)]
    [InlineData(long.MaxValue)]
    public void Other_years_are_refused_and_nothing_is_set(long time)
    {
        Assert.Equal("Invalid time", Assert.Throws<QapiException>(() => Set(time)).Message);
        Assert.Empty(_clock.Calls);
    }

    private void Set(long? time) => _commands.GuestSetTime(new GuestSetTimeArguments { Time = time });

    private sealed class NotedClock : IWallClock
    {
        internal List<string> Calls { get; } = [];

        internal bool HasHardware { get; set; } = true;

        public void Set(long seconds, long nanoseconds) => Calls.Add($"set {seconds}.{nanoseconds:D9}");

        public void SetFromHardware() => Calls.Add("set from hardware");

        public bool TrySetHardware()
        {
            Calls.Add("set hardware");
            return HasHardware;
        }
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(15_000_000_001_234_567);
    }
}
