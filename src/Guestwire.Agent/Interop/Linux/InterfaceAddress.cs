namespace Guestwire.Agent.Interop.Linux;

/// <summary>An address of an interface, or with family 0 only the interface. It lives as long as the list that it stands in.</summary>
/// <param name="name">Name of the interface.</param>
/// <param name="family"><see cref="Libc.AF_INET"/>, <see cref="Libc.AF_INET6"/> or <see cref="Libc.AF_PACKET"/>; 0 for any other.</param>
/// <param name="address">The address in network order: 4 or 16 bytes, or a hardware address of any length; empty for any other family.</param>
/// <param name="prefixBits">Bits set in the network mask.</param>
internal readonly ref struct InterfaceAddress(ReadOnlySpan<byte> name, int family, ReadOnlySpan<byte> address, int prefixBits)
{
    /// <summary>Name of the interface.</summary>
    internal ReadOnlySpan<byte> Name { get; } = name;

    /// <summary><see cref="Libc.AF_INET"/>, <see cref="Libc.AF_INET6"/> or <see cref="Libc.AF_PACKET"/>; 0 for any other.</summary>
    internal int Family { get; } = family;

    /// <summary>The address in network order: 4 or 16 bytes, or a hardware address of any length; empty for any other family.</summary>
    internal ReadOnlySpan<byte> Bytes { get; } = address;

    /// <summary>Bits set in the network mask.</summary>
    internal int PrefixBits { get; } = prefixBits;
}
