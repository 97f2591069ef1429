namespace Guestwire.Client.Copying;

/// <summary>Finds what may be a hole.</summary>
internal static class ZeroBlocks
{
    /// <summary>Bytes of a block: what filesystems leave out at the least.</summary>
    internal const int BlockBytes = 4096;

    /// <summary>How many bytes at the start are blocks of zeros, or else blocks of which none is zeros. A block at the end may be shorter.</summary>
    internal static int NextRun(ReadOnlySpan<byte> bytes, out bool isZero)
    {
        isZero = IsZero(First(bytes));
        int length = First(bytes).Length;
        while (length < bytes.Length && IsZero(First(bytes[length..])) == isZero)
        {
            length += First(bytes[length..]).Length;
        }

        return length;
    }

    /// <summary>Whether any block is zeros.</summary>
    internal static bool Has(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int length = NextRun(bytes, out bool isZero);
            if (isZero)
            {
                return true;
            }

            bytes = bytes[length..];
        }

        return false;
    }

    private static ReadOnlySpan<byte> First(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(BlockBytes, bytes.Length)];

    private static bool IsZero(ReadOnlySpan<byte> block) => !block.ContainsAnyExcept((byte)0);
}
