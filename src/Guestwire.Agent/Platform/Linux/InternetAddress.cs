using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Addresses as text, spelled as the C library does.</summary>
[SupportedOSPlatform("linux")]
internal static class InternetAddress
{
    private const int LongestText = 46; // INET6_ADDRSTRLEN

    /// <summary>The text of an address.</summary>
    /// <param name="family"><see cref="Libc.AF_INET"/> or <see cref="Libc.AF_INET6"/>.</param>
    /// <param name="address">Its 4 or 16 bytes, in network order.</param>
    internal static string ToText(int family, ReadOnlySpan<byte> address)
    {
        Span<byte> text = stackalloc byte[LongestText];
        return Libc.InetNToP(family, address, text, LongestText) == 0
            ? throw Errno.ToQapi("failed to convert address to text")
            : CText.ToString(text);
    }
}
