using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Guestwire.Protocol.Json;

/// <summary>
/// Text looked at sixteen bytes at a time. A mask has one bit for each of them, the lowest for the first. Hot path.
/// </summary>
/// <remarks>128 bits, since every processor that we run on has them; a wider step would gain little beside the memory that it waits for.</remarks>
internal static class TextBlock
{
    /// <summary>Bytes of a block.</summary>
    internal const int Bytes = 16;

    /// <summary>The block that starts here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> At(ReadOnlySpan<byte> text, int position) => Vector128.Create(text[position..]);

    /// <summary>Where the block has this byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Where(Vector128<byte> block, byte value) => Vector128.Equals(block, Vector128.Create(value));

    /// <summary>Where the block has a control character or no ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> WhereUnusual(Vector128<byte> block) => Vector128.LessThan(block.AsSByte(), Vector128.Create((sbyte)0x20)).AsByte();

    /// <summary>Where the block has a character that makes an escape of two bytes with the backslash before it: <c>" ' \ / b f n r t</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> WhereShortEscape(Vector128<byte> block) =>
        Where(block, (byte)'"') | Where(block, (byte)'\\') | Where(block, (byte)'t')
        | Where(block | Vector128.Create((byte)('\'' ^ '/')), (byte)'/')
        | Where(block | Vector128.Create((byte)('f' ^ 'n')), (byte)'n')
        | Where(block | Vector128.Create((byte)('b' ^ 'r')), (byte)'r');

    /// <summary>The bytes that a backslash before them escapes, the first byte of the next block included, as bit 16.</summary>
    /// <param name="backslashes">Where the backslashes are.</param>
    /// <param name="first">1 when the first byte is escaped by the block before, else 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Escaped(uint backslashes, uint first)
    {
        // Of a run of backslashes every other one escapes what follows, beginning with the first.
        const uint Even = 0x5555;
        backslashes &= ~first;
        uint starts = backslashes & ~(backslashes << 1);

        // Adding its start to a run clears all of it: so are those found that start at an even place.
        uint evenRuns = backslashes & ~(backslashes + (starts & Even));
        uint escaping = (evenRuns & Even) | (backslashes & ~evenRuns & ~Even);
        return (escaping << 1) | first;
    }

    /// <summary>The number of bytes before the first that is marked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int First(uint mask) => BitOperations.TrailingZeroCount(mask);
}
