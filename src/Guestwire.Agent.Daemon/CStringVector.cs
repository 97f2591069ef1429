using System.Runtime.InteropServices;

namespace Guestwire.Agent.Daemon;

/// <summary>
/// An <c>argv</c> or <c>environ</c> for C: pointers to strings, the last one null. The bytes stay where they are and
/// as they are, so that words which are no UTF-8 pass through unharmed.
/// </summary>
internal sealed class CStringVector
{
    private readonly byte[] _block;

    /// <summary>Takes over strings as /proc shows them.</summary>
    /// <param name="strings">Each with a zero byte at its end.</param>
    public CStringVector(ReadOnlySpan<byte> strings)
    {
        _block = GC.AllocateUninitializedArray<byte>(strings.Length, pinned: true);
        strings.CopyTo(_block);
        Pointers = new nint[strings.Count((byte)0) + 1];

        int start = 0;
        for (int i = 0; i < Pointers.Length - 1; i++)
        {
            Pointers[i] = Marshal.UnsafeAddrOfPinnedArrayElement(_block, start);
            start += _block.AsSpan(start).IndexOf((byte)0) + 1;
        }
    }

    /// <summary>The pointers; good for as long as this object is.</summary>
    public nint[] Pointers { get; }
}
