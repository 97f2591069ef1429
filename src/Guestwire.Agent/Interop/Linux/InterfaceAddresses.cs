using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>Walks over a list that getifaddrs(3) made, in its order. The list must not be disposed of before.</summary>
[SupportedOSPlatform("linux")]
internal unsafe ref struct InterfaceAddresses(InterfaceAddressesHandle list)
{
    // Unsafe: walks the C library's list, which whoever walks keeps alive, and reads within the structures of sizes that getifaddrs(3) promises.
    private Node* _next = (Node*)list.DangerousGetHandle();

    /// <summary>Takes the next address.</summary>
    /// <returns>False at the end.</returns>
    internal bool TryRead(out InterfaceAddress address)
    {
        Node* node = _next;
        if (node is null)
        {
            address = default;
            return false;
        }

        _next = node->Next;
        int family = node->Address is null ? 0 : *(ushort*)node->Address;
        (int offset, int length) = family switch
        {
            Libc.AF_INET => (4, 4), // sockaddr_in: family and port come before the address
            Libc.AF_INET6 => (8, 16), // sockaddr_in6: the flow label too
            Libc.AF_PACKET => (12, node->Address[11]), // sockaddr_ll: protocol, index, type and kind, then the length of the address
            _ => (0, 0),
        };

        int prefixBits = 0;
        for (int i = 0; family is Libc.AF_INET or Libc.AF_INET6 && i < length && node->Mask is not null; i++)
        {
            prefixBits += BitOperations.PopCount(node->Mask[offset + i]);
        }

        address = new InterfaceAddress(
            MemoryMarshal.CreateReadOnlySpanFromNullTerminated(node->Name),
            length > 0 ? family : 0,
            new ReadOnlySpan<byte>(node->Address + offset, length),
            prefixBits);
        return true;
    }

    /// <summary><c>struct ifaddrs</c>, as far as it is read. Source: ifaddrs.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Node
    {
        internal Node* Next;
        internal byte* Name;
        internal uint Flags;
        internal byte* Address;
        internal byte* Mask;
    }
}
