using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Interfaces from getifaddrs(3), hardware addresses that it lacks from netdevice(7), counters from one pass over <c>/proc/net/dev</c>;
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

        InterfaceList interfaces = new();
        InterfaceAddresses walk = new(addresses);
        while (walk.TryRead(out InterfaceAddress address))
        {
            interfaces.Add(address);
        }

        using (ByteBuffer? counters = PseudoFile.TryRead(procfs + "/net/dev", out _))
        {
            interfaces.AddCounters(counters is null ? default : counters.Bytes);
        }

        return interfaces.Describe(TryAskHardwareAddress);
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

    private static string? TryAskHardwareAddress(string name)
    {
        using SafeFileHandle socket = Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        if (socket.IsInvalid)
        {
            throw Errno.ToQapi("failed to create socket");
        }

        // struct ifreq: the name in 16 bytes, then a struct sockaddr whose data begins after the family's 2 bytes.
        Span<byte> request = stackalloc byte[40];
        request.Clear();
        if (Encoding.UTF8.GetByteCount(name) > 15)
        {
            return null;
        }

        Encoding.UTF8.GetBytes(name, request);
        return Libc.Ioctl(socket, Libc.SIOCGIFHWADDR, request) == 0 ? InterfaceList.HardwareText(request[18..]) : null;
    }
}
