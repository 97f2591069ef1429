using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Text;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>
/// Strings for the C library: UTF-8 with a zero at the end. A U+0000 inside goes as the bytes <c>C0 80</c>, as the wire spells it,
/// so that no name is cut short on the way.
/// </summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedIn, typeof(Outgoing))]
internal static class PathMarshaller
{
    /// <summary>The bytes of a string for the C library, the final zero included.</summary>
    internal static byte[] ToBytes(string managed)
    {
        if (!managed.Contains('\0'))
        {
            byte[] plain = new byte[Encoding.UTF8.GetByteCount(managed) + 1];
            Encoding.UTF8.GetBytes(managed, plain);
            return plain;
        }

        List<byte> bytes = new(managed.Length + 8);
        foreach (byte value in Encoding.UTF8.GetBytes(managed))
        {
            if (value == 0)
            {
                bytes.Add(0xC0);
                bytes.Add(0x80);
            }
            else
            {
                bytes.Add(value);
            }
        }

        bytes.Add(0);
        return [.. bytes];
    }

    /// <summary>One string on its way: in the buffer on the caller's stack when it is as short as nearly all are, else in an array.</summary>
    internal ref struct Outgoing
    {
        private Span<byte> _bytes;

        /// <summary>Size of the buffer, in bytes.</summary>
        public static int BufferSize => 256;

        /// <summary>Takes the string.</summary>
        public void FromManaged(string managed, Span<byte> buffer)
        {
            if (!managed.Contains('\0') && Encoding.UTF8.TryGetBytes(managed, buffer[..^1], out int length))
            {
                buffer[length] = 0;
                _bytes = buffer;
            }
            else
            {
                _bytes = ToBytes(managed);
            }
        }

        /// <summary>What is pinned while the C library looks at it.</summary>
        public readonly ref byte GetPinnableReference() => ref MemoryMarshal.GetReference(_bytes);

        /// <summary>What the C library gets.</summary>
        // Unsafe: the generated stub has pinned the bytes through GetPinnableReference, and lets go of them after the call.
        public readonly unsafe byte* ToUnmanaged() => (byte*)Unsafe.AsPointer(ref GetPinnableReference());

        /// <summary>Nothing was allocated but what the collector takes care of.</summary>
        public readonly void Free()
        {
        }
    }
}
