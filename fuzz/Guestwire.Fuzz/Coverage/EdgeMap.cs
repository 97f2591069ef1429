using System.Runtime.InteropServices;

namespace Guestwire.Fuzz.Coverage;

/// <summary>
/// Counts how often control went from one block of instrumented code to another while one input ran. A place in the map is the number of
/// the block, mixed with that of the block before; two pairs may share a place, which costs a little blindness and no truth.
/// </summary>
/// <remarks>One thread runs inputs at a time. Public because instrumented code of any assembly calls it.</remarks>
public static unsafe class EdgeMap
{
    /// <summary>Number of places.</summary>
    internal const int Size = 1 << 16;

    // Unsafe: a block of its own that is never freed; every index is masked to its size. A span would be checked in each block of the code under test.
    private static readonly byte* s_counts = (byte*)NativeMemory.AllocZeroed(Size);

    private static int s_previous;

    /// <summary>The counts since <see cref="Clear"/>; they wrap around at 256.</summary>
    internal static Span<byte> Counts => new(s_counts, Size);

    /// <summary>Called by instrumented code at the beginning of each block.</summary>
    /// <param name="block">The block's number, below <see cref="Size"/>.</param>
    public static void Hit(int block)
    {
        s_counts[(block ^ s_previous) & (Size - 1)]++;
        s_previous = block >> 1;
    }

    /// <summary>Starts a new input.</summary>
    internal static void Clear()
    {
        Counts.Clear();
        s_previous = 0;
    }
}
