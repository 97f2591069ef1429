using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Text;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>
/// Strings for the C library: UTF-8 with a zero at the end. A U+0000 inside goes as the bytes <c>C0 80</c>, as the wire spells it,
/// so that no name is cut short on the way.
/// </summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedIn, typeof(PathMarshaller))]
internal static unsafe class PathMarshaller
{
    // Unsafe: the block is allocated here for the exact length, written within it, and freed by the generated stub.
    internal static byte* ConvertToUnmanaged(string managed)
    {
        byte[] bytes = ToBytes(managed);
        byte* block = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(block, bytes.Length));
        return block;
    }

    internal static void Free(byte* unmanaged) => NativeMemory.Free(unmanaged);

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
}
