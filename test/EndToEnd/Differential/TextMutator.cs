using System.Text;

namespace EndToEnd.Differential;

/// <summary>Makes texts that are nearly requests. The same seed makes the same texts.</summary>
/// <param name="random">Chooses.</param>
/// <param name="seeds">Texts to begin with.</param>
internal sealed class TextMutator(Random random, IReadOnlyList<byte[]> seeds)
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "\\u", "\\ud83d", "\\udc00", "\\ufffe", "\\u0000", "\\'", "\\x", "null", "true",
            "false", "nul", "-", "+", "0", "01", "1.", ".5", "1e", "1e5", "-0", "0x1", "9223372036854775808", "18446744073709551616",
            " ", "\n", "\t", "\r", "/*", "//", "\"execute\":", "\"guest-ping\"", "\"id\":", "\"arguments\":", "é", "\U0001F600", "\uFFFE", "\u007F",
            "\"a\":1,\"a\":2", "[[[[", "]]]]", "{\"a\":", "1.5", "1e-400",
        }.Select(Encoding.UTF8.GetBytes),
        [0xC0, 0x80], [0xC1, 0x81], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8], [0x80], [0xC3], [0xE2, 0x82],
        [0x00], [0x01], [0x1F], [0xFE], [0xFF], [0xEF, 0xBB, 0xBF],
    ];

    /// <summary>Makes one text.</summary>
    internal byte[] Next()
    {
        List<byte> text = [.. seeds[random.Next(seeds.Count)]];
        int changes = random.Next(1, 5);
        for (int i = 0; i < changes; i++)
        {
            int at = random.Next(text.Count + 1);
            switch (random.Next(6))
            {
                case 0:
                    text.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 1 when at < text.Count:
                    text.RemoveRange(at, Math.Min(random.Next(1, 6), text.Count - at));
                    break;
                case 2 when at < text.Count:
                    text[at] = (byte)random.Next(256);
                    break;
                case 3:
                    text.RemoveRange(at, text.Count - at);
                    break;
                case 4:
                    byte[] other = seeds[random.Next(seeds.Count)];
                    text.InsertRange(at, other[random.Next(other.Length + 1)..]);
                    break;
                case 5 when at < text.Count:
                    text.InsertRange(at, text.GetRange(at, Math.Min(random.Next(1, 12), text.Count - at)));
                    break;
            }
        }

        return [.. text];
    }
}
