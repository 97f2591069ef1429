using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// The kernel's routing tables. <c>/proc/net/route</c>: a line of headings, then interface, destination, gateway, flags (hex),
/// references, use, metric, mask, mtu, window, irtt; an address is the hex of its four bytes read as a number of this machine.
/// <c>/proc/net/ipv6_route</c>: destination, its prefix, source, its prefix, next hop, metric, references, use, flags, all hex,
/// and the interface; an address is 32 hex digits. Source: net/ipv4/fib_trie.c, net/ipv6/route.c.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class RouteTable
{
    private const int Version6AddressBytes = 16;

    /// <summary>Adds the routes of <c>/proc/net/route</c>. A line that is not as it should be is passed over.</summary>
    internal static void ParseVersion4(ReadOnlySpan<byte> text, List<GuestNetworkRoute> routes)
    {
        TextLines lines = new(text);
        string name = "";
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            TextFields fields = new(line);
            if (fields.TryRead(out ReadOnlySpan<byte> nameText)
                && fields.TryReadHex(out uint destination) && fields.TryReadHex(out uint gateway)
                && fields.TryReadHex(out uint flags)
                && fields.TryRead(out long references) && fields.TryRead(out long use) && fields.TryRead(out long metric)
                && fields.TryReadHex(out uint mask)
                && fields.TryRead(out long mtu) && fields.TryRead(out long window) && fields.TryRead(out long irtt))
            {
                name = TextFields.ToText(nameText, name);
                routes.Add(new GuestNetworkRoute
                {
                    Iface = name,
                    Destination = Version4Text(destination),
                    Gateway = Version4Text(gateway),
                    Mask = Version4Text(mask),
                    Flags = flags,
                    Refcnt = references,
                    Use = use,
                    Metric = metric,
                    Mtu = mtu,
                    Window = window,
                    Irtt = irtt,
                    Version = 4,
                });
            }
        }
    }

    /// <summary>Adds the routes of <c>/proc/net/ipv6_route</c>. A line that is not as it should be is passed over.</summary>
    internal static void ParseVersion6(ReadOnlySpan<byte> text, List<GuestNetworkRoute> routes)
    {
        TextLines lines = new(text);
        string name = "";
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            TextFields fields = new(line);
            if (TryReadAddress(ref fields, out string destination) && fields.TryReadHex(out uint destinationPrefix)
                && TryReadAddress(ref fields, out string source) && fields.TryReadHex(out uint sourcePrefix)
                && TryReadAddress(ref fields, out string nextHop)
                && fields.TryReadHex(out uint metric) && fields.TryReadHex(out uint references)
                && fields.TryReadHex(out uint use) && fields.TryReadHex(out uint flags)
                && fields.TryRead(out ReadOnlySpan<byte> nameText))
            {
                name = TextFields.ToText(nameText, name);
                routes.Add(new GuestNetworkRoute
                {
                    Iface = name,
                    Destination = destination,
                    Desprefixlen = destinationPrefix.ToString(CultureInfo.InvariantCulture),
                    Source = source,
                    Srcprefixlen = sourcePrefix.ToString(CultureInfo.InvariantCulture),
                    Nexthop = nextHop,
                    // Hosts know the largest metric as -1.
                    Metric = unchecked((int)metric),
                    Refcnt = unchecked((int)references),
                    Use = unchecked((int)use),
                    Flags = flags,
                    Version = 6,
                });
            }
        }
    }

    // The kernel printed the four bytes as a number of this machine, so the number's bytes in memory are the address.
    private static string Version4Text(uint address) => address == 0
        ? "0.0.0.0"
        : InternetAddress.ToText(Libc.AF_INET, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in address)));

    private static bool TryReadAddress(ref TextFields fields, out string text)
    {
        text = "";
        if (!fields.TryRead(out ReadOnlySpan<byte> digits) || digits.Length != Version6AddressBytes * 2)
        {
            return false;
        }

        Span<byte> address = stackalloc byte[Version6AddressBytes];
        for (int i = 0; i < address.Length; i++)
        {
            if (!Utf8Parser.TryParse(digits.Slice(i * 2, 2), out address[i], out int length, 'x') || length != 2)
            {
                return false;
            }
        }

        text = address.ContainsAnyExcept((byte)0) ? InternetAddress.ToText(Libc.AF_INET6, address) : "::";
        return true;
    }
}
