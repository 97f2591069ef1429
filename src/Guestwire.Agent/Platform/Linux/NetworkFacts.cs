using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Interfaces from getifaddrs(3), their hardware addresses from netdevice(7), their counters from <c>/proc/net/dev</c>;
/// routes from <c>/proc/net/route</c> and <c>/proc/net/ipv6_route</c>.
/// </summary>
/// <param name="procfs">Where procfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class NetworkFacts(string procfs = "/proc") : INetworkFacts
{
    /// <inheritdoc/>
    public IReadOnlyList<GuestNetworkInterface> ListInterfaces()
    {
        int result = Libc.GetIfAddrs(out InterfaceAddressesHandle handle);
        using InterfaceAddressesHandle addresses = handle;
        if (result != 0)
        {
            throw Errno.ToQapi("getifaddrs failed");
        }

        using SafeFileHandle socket = Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        if (socket.IsInvalid)
        {
            throw Errno.ToQapi("failed to create socket");
        }

        Dictionary<string, GuestNetworkInterfaceStat> counters = ReadCounters();
        List<GuestNetworkInterface> interfaces = [];
        foreach ((string name, List<GuestIpAddress> own) in ByInterface(InterfaceAddress.CopyAll(addresses)))
        {
            interfaces.Add(new GuestNetworkInterface
            {
                Name = name,
                HardwareAddress = TryReadHardwareAddress(socket, name),
                IpAddresses = own.Count > 0 ? own : null,
                Statistics = counters.GetValueOrDefault(name),
            });
        }

        return interfaces;
    }

    /// <inheritdoc/>
    public IReadOnlyList<GuestNetworkRoute> ListRoutes()
    {
        List<GuestNetworkRoute> routes = [];
        string path = procfs + "/net/route";
        using ByteBuffer? version4 = PseudoFile.TryRead(path, out int errno);
        using ByteBuffer? version6 = PseudoFile.TryRead(procfs + "/net/ipv6_route", out _);
        if (version4 is null && version6 is null)
        {
            throw Errno.ToQapi($"open(\"{path}\")", errno);
        }

        // A guest may well run with one of the two only.
        RouteTable.ParseVersion4(version4 is null ? default : version4.Bytes, routes);
        RouteTable.ParseVersion6(version6 is null ? default : version6.Bytes, routes);
        return routes;
    }

    /// <summary>Gathers addresses by interface, in the order in which the interfaces first appear.</summary>
    internal static List<(string Name, List<GuestIpAddress> Addresses)> ByInterface(List<InterfaceAddress> addresses)
    {
        List<(string Name, List<GuestIpAddress> Addresses)> interfaces = [];
        Dictionary<string, List<GuestIpAddress>> byName = [];
        foreach (InterfaceAddress address in addresses)
        {
            if (!byName.TryGetValue(address.Interface, out List<GuestIpAddress>? own))
            {
                own = [];
                byName.Add(address.Interface, own);
                interfaces.Add((address.Interface, own));
            }

            if (address.Family != 0)
            {
                own.Add(new GuestIpAddress
                {
                    IpAddress = InternetAddress.ToText(address.Family, address.Address),
                    IpAddressType = address.Family == Libc.AF_INET ? GuestIpAddressType.Ipv4 : GuestIpAddressType.Ipv6,
                    Prefix = address.PrefixBits,
                });
            }
        }

        return interfaces;
    }

    private Dictionary<string, GuestNetworkInterfaceStat> ReadCounters()
    {
        using ByteBuffer? text = PseudoFile.TryRead(procfs + "/net/dev", out _);
        return InterfaceCounters.Parse(text is null ? default : text.Bytes);
    }

    // Six bytes whatever the kind of the interface; the loopback's are zero.
    private static string? TryReadHardwareAddress(SafeFileHandle socket, string name)
    {
        // struct ifreq: the name in 16 bytes, then a struct sockaddr whose data begins after the family's 2 bytes.
        Span<byte> request = stackalloc byte[40];
        request.Clear();
        if (Encoding.UTF8.GetByteCount(name) > 15)
        {
            return null;
        }

        Encoding.UTF8.GetBytes(name, request);
        if (Libc.Ioctl(socket, Libc.SIOCGIFHWADDR, request) != 0)
        {
            return null;
        }

        StringBuilder text = new(17);
        foreach (byte value in request.Slice(18, 6))
        {
            text.Append(text.Length > 0 ? ":" : "").Append(value.ToString("x2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
