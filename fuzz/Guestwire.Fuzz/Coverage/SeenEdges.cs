using System.Numerics;

namespace Guestwire.Fuzz.Coverage;

/// <summary>
/// What all inputs so far have reached. An edge taken once, twice, three times, up to 7, 15, 31, 127 or more times counts as reached anew each time,
/// so that loops that run longer are noticed without every single round being news.
/// </summary>
internal sealed class SeenEdges
{
    private static readonly byte[] s_buckets = Buckets();

    private readonly byte[] _seen = new byte[EdgeMap.Size];

    /// <summary>Number of different edges.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds what one input reached.</summary>
    /// <param name="counts">The map after it ran.</param>
    /// <returns>Whether there was anything new.</returns>
    internal bool Add(ReadOnlySpan<byte> counts)
    {
        bool isNew = false;
        for (int start = 0; start < counts.Length; start += Vector<byte>.Count)
        {
            // Nearly all of the map is zero nearly always.
            if (Vector.EqualsAll(new Vector<byte>(counts[start..]), Vector<byte>.Zero))
            {
                continue;
            }

            for (int i = start; i < start + Vector<byte>.Count; i++)
            {
                byte bucket = s_buckets[counts[i]];
                if ((bucket & ~_seen[i]) != 0)
                {
                    isNew = true;
                    Count += _seen[i] == 0 ? 1 : 0;
                    _seen[i] |= bucket;
                }
            }
        }

        return isNew;
    }

    private static byte[] Buckets()
    {
        byte[] buckets = new byte[256];
        for (int count = 1; count < buckets.Length; count++)
        {
            buckets[count] = count switch
            {
                1 => 1,
                2 => 2,
                3 => 4,
                <= 7 => 8,
                <= 15 => 16,
                <= 31 => 32,
                <= 127 => 64,
                _ => 128,
            };
        }

        return buckets;
    }
}
