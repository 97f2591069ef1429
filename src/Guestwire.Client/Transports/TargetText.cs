using System.Globalization;

namespace Guestwire.Client;

/// <summary>Reads targets: a scheme, a colon, and what it wants.</summary>
internal static class TargetText
{
    internal const string Forms = "unix:PATH, vsock:CID:PORT, serial:PATH, libvirt:[URI/]DOMAIN or pve:ID";

    /// <summary>Reads a target.</summary>
    /// <exception cref="FormatException">It has no form that is known.</exception>
    internal static GuestTransport Parse(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        int colon = target.IndexOf(':', StringComparison.Ordinal);
        string scheme = colon < 0 ? "" : target[..colon];
        string rest = target[(colon + 1)..];
        return scheme switch
        {
            _ when rest.Length == 0 => throw Wrong(target),
            "unix" => new UnixTransport(rest),
            "serial" => new SerialTransport(rest),
            "vsock" => Vsock(target, rest),
            "pve" => int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? UnixTransport.OfProxmox(id) : throw Wrong(target),
            "libvirt" => Libvirt(target, rest),
            _ => throw Wrong(target),
        };
    }

    private static VsockTransport Vsock(string target, string rest)
    {
        string[] parts = rest.Split(':');
        return parts.Length == 2
            && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint cid)
            && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint port)
                ? new VsockTransport(cid, port)
                : throw Wrong(target);
    }

    // A URI has slashes itself; a domain's name has none.
    private static LibvirtTransport Libvirt(string target, string rest)
    {
        int slash = rest.LastIndexOf('/');
        string domain = rest[(slash + 1)..];
        string? uri = slash < 0 ? null : rest[..slash];
        return domain.Length > 0 && uri != "" && !LacksPath(uri) ? new LibvirtTransport(uri, domain) : throw Wrong(target);
    }

    // qemu:///system/web1 without its web1 would be the domain "system" otherwise.
    private static bool LacksPath(string? uri)
    {
        int authority = uri?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        return authority >= 0 && !uri.AsSpan(authority + 3).Contains('/');
    }

    private static FormatException Wrong(string target) => new($"'{target}' names no guest; a target is {Forms}");
}
