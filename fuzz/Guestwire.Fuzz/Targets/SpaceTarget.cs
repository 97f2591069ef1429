using System.Text;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Guestwire.Protocol.Framing;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// The frame reader with more space than tokens, which it squeezes. An input is a recipe: a byte below 9 stands for a run of line feeds, which no string can
/// hold. What comes out is what comes out with two of them there, but for that space; and what is kept grows with the tokens alone.
/// </summary>
internal sealed class SpaceTarget : FuzzTarget
{
    private const int RunBytes = 40;
    private const int SqueezeFromBytes = 64;
    private const int LongestPiece = 50;

    internal override string Name => "framer-space";

    internal override string About => "frames with far more space than tokens: it costs no memory and changes nothing";

    internal override InputShape Shape => InputShape.Json;

    internal override int MaxInputBytes => 128;

    internal override IEnumerable<byte[]> Seeds { get; } = SeedTexts.Words(
        "{\"a\": \u0007[1,\n\u0005 2 ]}", "[\"a  b\"\u0008, 'it\\'s \\u0041' \t]", "{\"execute\":\"guest-ping\"\u0001}", "[1 2\u0008]\n{}", "[12\u0006 \u0003 true, 1\u0001 ]");

    internal override IReadOnlyList<byte[]> Words { get; } = SeedTexts.Words("\u0001", "\u0006", "\u0008", "\"a  b\"", "0", "[", "{\"a\":", "'\\''");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        Random random = FrameFeed.RandomOf(input);

        // As much space as tokens is left alone, and a token counts as one byte more than it has: four times the input, when each token is one byte.
        int most = (4 * input.Length) + SqueezeFromBytes + LongestPiece;
        using FrameReader reader = new(SqueezeFromBytes);
        List<string> found = FrameFeed.Read(reader, Expand(input, code => code * RunBytes), () => random.Next(1, LongestPiece), () => Violation.Unless(
            reader.BufferedBytes <= most, "space between tokens costs no memory", () => $"{reader.BufferedBytes} bytes"));
        // Two, since the first may be the bad byte that ends a string, and the next one where reading starts afresh.
        using FrameReader other = new();
        List<string> plain = FrameFeed.Read(other, Expand(input, _ => 2), () => int.MaxValue);
        Violation.UnlessSame(string.Join('\n', plain.Select(Squeeze)), string.Join('\n', found.Select(Squeeze)), "space changes no frame");
    }

    private static byte[] Expand(ReadOnlySpan<byte> recipe, Func<int, int> runBytes)
    {
        List<byte> bytes = [];
        foreach (byte value in recipe)
        {
            bool isRun = value is > 0 and < 9;
            bytes.AddRange(Enumerable.Repeat(isRun ? (byte)'\n' : value, isRun ? runBytes(value) : 1));
        }

        return [.. bytes];
    }

    // Space between tokens only: what stands in quotes stays.
    private static string Squeeze(string frame)
    {
        StringBuilder text = new();
        char quote = '\0';
        for (int i = 0; i < frame.Length; i++)
        {
            char c = frame[i];
            if (quote == '\0' && c is (' ' or '\t' or '\n' or '\r'))
            {
                if (text.Length > 0 && text[^1] != ' ')
                {
                    text.Append(' ');
                }

                continue;
            }

            text.Append(c);
            if (quote != '\0' && c == '\\' && i + 1 < frame.Length)
            {
                text.Append(frame[++i]);
            }
            else if (c is '"' or '\'')
            {
                quote = quote == '\0' ? c : quote == c ? '\0' : quote;
            }
        }

        return text.ToString();
    }
}
