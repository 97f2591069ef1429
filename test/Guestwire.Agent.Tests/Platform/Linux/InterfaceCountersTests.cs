using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class InterfaceCountersTests
{
    [Fact]
    public void Sent_counters_begin_behind_eight_received_ones()
    {
        Dictionary<string, GuestNetworkInterfaceStat> counters = InterfaceCounters.Parse(
            """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:     1 2 3 4 5 6 7 8 11 12 13 14 15 16 17 18
            eth0:18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0

            """u8);

        Assert.Equal(
            new GuestNetworkInterfaceStat
            {
                RxBytes = 1,
                RxPackets = 2,
                RxErrs = 3,
                RxDropped = 4,
                TxBytes = 11,
                TxPackets = 12,
                TxErrs = 13,
                TxDropped = 14,
            },
            counters["lo"]);
        Assert.Equal(ulong.MaxValue, counters["eth0"].RxBytes);
    }

    [Theory]
    [InlineData("lo: 1 2 3")]
    [InlineData("lo: 1 2 3 4 5 6 7 8 9 10 11 x")]
    [InlineData("lo")]
    [InlineData(":")]
    public void A_broken_line_is_passed_over(string line) => Assert.Empty(InterfaceCounters.Parse(System.Text.Encoding.ASCII.GetBytes(line)));
}
