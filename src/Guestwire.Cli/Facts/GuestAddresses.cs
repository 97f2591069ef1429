using System.Net;
using Guestwire.Protocol;

namespace Guestwire.Cli.Facts;

/// <summary>Addresses of a guest under which somebody else may reach it.</summary>
internal static class GuestAddresses
{
    /// <summary>All but those of the loopback and those of a link alone.</summary>
    internal static IEnumerable<string> Reachable(IEnumerable<GuestNetworkInterface> interfaces) =>
        interfaces.SelectMany(card => card.IpAddresses ?? []).Select(address => address.IpAddress).Where(IsReachable);

    private static bool IsReachable(string text) =>
        IPAddress.TryParse(text, out IPAddress? address)
        && !IPAddress.IsLoopback(address)
        && !address.IsIPv6LinkLocal
        && !address.IsIPv6Multicast
        && !IsAutomatic(address);

    /// <summary>169.254.0.0/16: what a system gives itself when nobody gives it an address. RFC 3927.</summary>
    private static bool IsAutomatic(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out int count) && count == 4 && bytes[0] == 169 && bytes[1] == 254;
    }
}
