using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>An address of an interface, or with family 0 only the interface.</summary>
/// <param name="Interface">Name of the interface.</param>
/// <param name="Family"><see cref="Libc.AF_INET"/> or <see cref="Libc.AF_INET6"/>; 0 for any other.</param>
/// <param name="Address">Its 4 or 16 bytes in network order; empty for any other family.</param>
/// <param name="PrefixBits">Bits set in the network mask.</param>
internal readonly record struct InterfaceAddress(string Interface, int Family, byte[] Address, int PrefixBits)
{
    /// <summary>Copies a list that getifaddrs(3) made, in its order.</summary>
    [SupportedOSPlatform("linux")]
    internal static unsafe List<InterfaceAddress> CopyAll(InterfaceAddressesHandle addresses)
    {
        // Unsafe: walks the C library's list, which the handle keeps alive until the end of this method, and reads within
        // the structures of sizes that getifaddrs(3) promises.
        List<InterfaceAddress> copies = [];
        for (Node* node = (Node*)addresses.DangerousGetHandle(); node is not null; node = node->Next)
        {
            string name = Marshal.PtrToStringUTF8(node->Name) ?? "";
            int family = node->Address is null ? 0 : *(ushort*)node->Address;
            (int offset, int length) = family switch
            {
                Libc.AF_INET => (4, 4), // sockaddr_in: family and port come before the address
                Libc.AF_INET6 => (8, 16), // sockaddr_in6: the flow label too
                _ => (0, 0),
            };

            int prefixBits = 0;
            for (int i = 0; i < length && node->Mask is not null; i++)
            {
                prefixBits += BitOperations.PopCount(node->Mask[offset + i]);
            }

            byte[] address = new ReadOnlySpan<byte>(node->Address + offset, length).ToArray();
            copies.Add(new InterfaceAddress(name, length > 0 ? family : 0, address, prefixBits));
        }

        GC.KeepAlive(addresses);
        return copies;
    }

    /// <summary><c>struct ifaddrs</c>, as far as it is read. Source: ifaddrs.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Node
    {
        internal Node* Next;
        internal nint Name;
        internal uint Flags;
        internal byte* Address;
        internal byte* Mask;
    }
}
