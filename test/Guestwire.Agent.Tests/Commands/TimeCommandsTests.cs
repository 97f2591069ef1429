using Guestwire.Agent.Commands;

namespace Guestwire.Agent.Tests.Commands;

public sealed class TimeCommandsTests
{
    [Fact]
    public void The_time_is_in_nanoseconds_with_three_zeros_at_the_end() =>
        Assert.Equal(1_500_000_000_123_456_000, new TimeCommands(new FixedTime()).GuestGetTime());

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(15_000_000_001_234_567);
    }
}
