using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Gathers what is known of each interface, in the order in which the interfaces first appear.</summary>
[SupportedOSPlatform("linux")]
internal sealed class InterfaceList
{
    // IFNAMSIZ, with the final zero. Labels of addresses have the same limit.
    private const int LongestName = 16;

    // What hosts are shown of a hardware address, whatever its length.
    private const int ShownBytes = 6;
    private const string HexDigits = "0123456789abcdef";

    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, Entry> _byName = [];

    /// <summary>Takes note of an interface, and of its address when it is one.</summary>
    internal void Add(InterfaceAddress address)
    {
        Entry entry = GetOrAdd(address.Name);
        if (address.Family == Libc.AF_PACKET)
        {
            entry.HardwareAddress = HardwareText(address.Bytes);
        }
        else if (address.Family != 0)
        {
            (entry.Addresses ??= []).Add(new GuestIpAddress
            {
                IpAddress = InternetAddress.ToText(address.Family, address.Bytes),
                IpAddressType = address.Family == Libc.AF_INET ? GuestIpAddressType.Ipv4 : GuestIpAddressType.Ipv6,
                Prefix = address.PrefixBits,
            });
        }
    }

    /// <summary>Takes note of the counters in <c>/proc/net/dev</c>; those of interfaces that have not been added are passed over.</summary>
    internal void AddCounters(ReadOnlySpan<byte> text)
    {
        TextLines lines = new(text);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (InterfaceCounters.TryParse(line, out ReadOnlySpan<byte> name, out GuestNetworkInterfaceStat? counters)
                && TryFind(name, out Entry? entry))
            {
                entry.Counters = counters;
            }
        }
    }

    /// <summary>The interfaces.</summary>
    /// <param name="findHardwareAddress">Asked for the hardware address of an interface that came without: the alias of one, or a tunnel.</param>
    internal List<GuestNetworkInterface> Describe(Func<string, string?> findHardwareAddress)
    {
        List<GuestNetworkInterface> interfaces = new(_entries.Count);
        foreach (Entry entry in _entries)
        {
            interfaces.Add(new GuestNetworkInterface
            {
                Name = entry.Name,
                HardwareAddress = entry.HardwareAddress ?? findHardwareAddress(entry.Name),
                IpAddresses = entry.Addresses,
                Statistics = entry.Counters,
            });
        }

        return interfaces;
    }

    /// <summary>The text of a hardware address: six bytes, zeros where it is shorter.</summary>
    internal static string HardwareText(ReadOnlySpan<byte> address)
    {
        Span<char> text = stackalloc char[(3 * ShownBytes) - 1];
        text.Fill(':');
        for (int i = 0; i < ShownBytes; i++)
        {
            byte value = i < address.Length ? address[i] : (byte)0;
            text[3 * i] = HexDigits[value >> 4];
            text[(3 * i) + 1] = HexDigits[value & 0xF];
        }

        return new string(text);
    }

    private Entry GetOrAdd(ReadOnlySpan<byte> name)
    {
        if (TryFind(name, out Entry? entry))
        {
            return entry;
        }

        entry = new Entry(Encoding.UTF8.GetString(name));
        _entries.Add(entry);
        _byName.Add(entry.Name, entry);
        return entry;
    }

    private bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Entry? entry)
    {
        Span<char> text = stackalloc char[LongestName];
        return Encoding.UTF8.TryGetChars(name, text, out int length)
            ? _byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out entry)
            : _byName.TryGetValue(Encoding.UTF8.GetString(name), out entry);
    }

    private sealed class Entry(string name)
    {
        internal string Name { get; } = name;

        internal string? HardwareAddress { get; set; }

        internal List<GuestIpAddress>? Addresses { get; set; }

        internal GuestNetworkInterfaceStat? Counters { get; set; }
    }
}
