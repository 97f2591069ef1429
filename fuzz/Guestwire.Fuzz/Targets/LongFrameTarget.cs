using System.Text;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// The frame reader with more space than it keeps for good, where it begins to squeeze. An input is a recipe: a byte below 9 stands for a long run of
/// line feeds, which no string can hold. What comes out is what comes out with a single one there, but for that space.
/// </summary>
internal sealed class LongFrameTarget : FuzzTarget
{
    private const int RunBytes = 48 * 1024;
    private const int MaxBytes = 384 * 1024;
    private const int PieceBytes = 64 * 1024;

    internal override string Name => "framer-long";

    internal override string About => "frames with hundreds of kilobytes of space: it costs no memory and changes nothing";

    internal override InputShape Shape => InputShape.Json;

    internal override int MaxInputBytes => 256;

    internal override IEnumerable<byte[]> Seeds { get; } = SeedTexts.Words(
        "{\"a\": \u0007[1,\n\u0005 2 ]}", "[\"a  b\"\u0008, 'it\\'s \\u0041' \t]", "{\"execute\":\"guest-ping\"\u0001}", "[1 2\u0008]\n{}", "[12\u0006 \u0003 true, 1\u0001 ]");

    internal override IReadOnlyList<byte[]> Words { get; } = SeedTexts.Words("\u0001", "\u0006", "\u0008", "\"a  b\"", "0", "[", "{\"a\":", "'\\''");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        Random random = FrameFeed.RandomOf(input);
        using FrameReader reader = new();

        // A token and a blank for each byte of the recipe, and the last piece that came.
        List<string> found = FrameFeed.Read(reader, Expand(input, RunBytes), () => random.Next(PieceBytes / 2, PieceBytes), () => Violation.Unless(
            reader.BufferedBytes <= ByteBuffer.RetainedCapacity + (2 * PieceBytes), "space between tokens costs no memory",
            () => $"{reader.BufferedBytes} bytes"));
        using FrameReader other = new();
        List<string> plain = FrameFeed.Read(other, Expand(input, 1), () => int.MaxValue);
        Violation.UnlessSame(string.Join('\n', plain.Select(Squeeze)), string.Join('\n', found.Select(Squeeze)), "space changes no frame");
    }

    private static byte[] Expand(ReadOnlySpan<byte> recipe, int runBytes)
    {
        byte[] bytes = new byte[MaxBytes + recipe.Length];
        int length = 0;
        foreach (byte value in recipe)
        {
            int run = value is > 0 and < 9 ? Math.Min(value * runBytes, MaxBytes - length) : 0;
            if (run > 0)
            {
                bytes.AsSpan(length, run).Fill((byte)'\n');
                length += run;
            }
            else
            {
                bytes[length++] = value;
            }
        }

        return bytes[..length];
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
