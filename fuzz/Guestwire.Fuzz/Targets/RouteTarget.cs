using System.Net;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Guestwire.Protocol;

namespace Guestwire.Fuzz.Targets;

/// <summary>The routing tables. Addresses are ones that the runtime reads as well; a line means the same whatever stands around it.</summary>
internal sealed class RouteTarget : FuzzTarget
{
    internal override string Name => "routes";

    internal override string About => "/proc/net/route and /proc/net/ipv6_route";

    internal override InputShape Shape => InputShape.Lines;

    internal override IEnumerable<byte[]> Seeds => [SeedTexts.Named("route.txt"), SeedTexts.Named("ipv6_route.txt")];

    internal override IReadOnlyList<byte[]> Words { get; } = SeedTexts.Words(
        "00000000", "FFFFFFFF", "00000000000000000000000000000000", "fe800000000000000000000000000001", "00000000000000000000ffff7f000001", "100000000", "eth0", "\t", "0x1");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        foreach (GuestNetworkRoute route in Parse(input))
        {
            foreach (string? address in (string?[])[route.Destination, route.Gateway, route.Mask, route.Source, route.Nexthop])
            {
                Violation.Unless(address is null || IPAddress.TryParse(address, out _), "an address is one", () => address!);
            }
        }

        LineByLine.Require(input, text => [.. Parse(text, version: 4).Select(route => route.ToString())]);
        LineByLine.Require(input, text => [.. Parse(text, version: 6).Select(route => route.ToString())]);
    }

    private static List<GuestNetworkRoute> Parse(ReadOnlySpan<byte> text) => [.. Parse(text, version: 4), .. Parse(text, version: 6)];

    private static List<GuestNetworkRoute> Parse(ReadOnlySpan<byte> text, int version)
    {
        List<GuestNetworkRoute> routes = [];
        if (version == 4)
        {
            RouteTable.ParseVersion4(text, routes);
        }
        else
        {
            RouteTable.ParseVersion6(text, routes);
        }

        return routes;
    }
}
