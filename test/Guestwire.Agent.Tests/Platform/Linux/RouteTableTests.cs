using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class RouteTableTests
{
    [Fact]
    public void A_route_of_version_4_has_dotted_addresses()
    {
        List<GuestNetworkRoute> routes = [];
        RouteTable.ParseVersion4(
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\neth7\t006433C6\t020200C0\t0003\t1\t2\t55\t80FFFFFF\t1500\t7\t9   \n"u8,
            routes);

        Assert.Equal(
            new GuestNetworkRoute
            {
                Iface = "eth7",
                Destination = "198.51.100.0",
                Gateway = "192.0.2.2",
                Mask = "255.255.255.128",
                Flags = 3,
                Refcnt = 1,
                Use = 2,
                Metric = 55,
                Mtu = 1500,
                Window = 7,
                Irtt = 9,
                Version = 4,
            },
            Assert.Single(routes));
    }

    [Fact]
    public void A_route_of_version_6_has_its_prefixes_as_decimal_text()
    {
        List<GuestNetworkRoute> routes = [];
        RouteTable.ParseVersion6(
            "20010db8000000000000000000000000 40 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000100 00000001 00000002 00000003     eth7\n"u8,
            routes);

        Assert.Equal(
            new GuestNetworkRoute
            {
                Iface = "eth7",
                Destination = "2001:db8::",
                Desprefixlen = "64",
                Source = "::",
                Srcprefixlen = "0",
                Nexthop = "fe80::1",
                Metric = 256,
                Refcnt = 1,
                Use = 2,
                Flags = 3,
                Version = 6,
            },
            Assert.Single(routes));
    }

    [Fact]
    public void The_largest_metric_is_minus_one_and_flags_stay_within_32_bits()
    {
        List<GuestNetworkRoute> routes = [];
        RouteTable.ParseVersion6(
            "00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000003 00000000 80200001       lo\n"u8,
            routes);

        Assert.Equal((-1L, 0x80200001UL), (routes[0].Metric, routes[0].Flags!.Value));
    }

    [Theory]
    [InlineData("eth0 00000000 0000000G 3 0 0 0 00000000 0 0 0")]
    [InlineData("eth0 00000000 00000000 3 0 0 0 00000000 0 0")]
    [InlineData("eth0 100000000 00000000 3 0 0 0 00000000 0 0 0")]
    [InlineData("")]
    public void A_broken_line_of_version_4_is_passed_over(string line)
    {
        List<GuestNetworkRoute> routes = [];
        RouteTable.ParseVersion4(System.Text.Encoding.ASCII.GetBytes(line), routes);
        Assert.Empty(routes);
    }

    [Theory]
    [InlineData("2001 40 00000000000000000000000000000000 00 00000000000000000000000000000000 0 0 0 0 lo")]
    [InlineData("0000000000000000000000000000000x 40 00000000000000000000000000000000 00 00000000000000000000000000000000 0 0 0 0 lo")]
    [InlineData("00000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 0 0 0 0")]
    public void A_broken_line_of_version_6_is_passed_over(string line)
    {
        List<GuestNetworkRoute> routes = [];
        RouteTable.ParseVersion6(System.Text.Encoding.ASCII.GetBytes(line), routes);
        Assert.Empty(routes);
    }
}
