using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// The frame reader with input beyond what it keeps for good, where it begins to squeeze space. An input is a recipe: a byte below 9 stands for a long run
/// of the byte before it. What comes out is the same with the space as without it.
/// </summary>
internal sealed class LongFrameTarget : FuzzTarget
{
    private const int RunBytes = 24 * 1024;
    private const int MaxBytes = 400 * 1024;
    private const int PieceBytes = 64 * 1024;

    internal override string Name => "framer-long";

    internal override string About => "frames of hundreds of kilobytes: space costs no memory and changes nothing";

    internal override InputShape Shape => InputShape.Json;

    internal override int MaxInputBytes => 256;

    internal override long MaxAllocatedBytes => 64 * 1024 * 1024;

    internal override IEnumerable<byte[]> Seeds =>
    [
        .. SeedTexts.Words(
            "{\"a\": \u0006[1,\n\u0005 2 ]}", "[\"a  b\" \u0004, 'it\\'s \\u0041' \t\u0004]", "{\"execute\":\"guest-ping\" \u0006}", "[1\u0002 \u00062]\n{}",
            "[\"a\u0007\" \u0003 true\u0001, 1\u0001 ]"),
    ];

    internal override IReadOnlyList<byte[]> Words { get; } = SeedTexts.Words(" \u0001", " \u0004", "\n\u0006", "\"a\u0003\"", "0\u0001", "[\u0001");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        Random random = FrameFeed.RandomOf(input);
        byte[] bytes = Expand(input);
        int dense = 0;
        int given = 0;
        using FrameReader reader = new();
        int NextPiece()
        {
            int piece = Math.Min(random.Next(1, PieceBytes), bytes.Length - given);
            foreach (byte value in bytes.AsSpan(given, piece))
            {
                dense += value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' ? 0 : 1;
            }

            given += piece;
            return piece;
        }

        // A token and a space for each byte that is none, and the last piece that came; growing by half may leave as much again.
        List<string> found = FrameFeed.Read(reader, bytes, NextPiece, () => Violation.Unless(
            reader.BufferedBytes <= (2 * dense) + ByteBuffer.RetainedCapacity + (2 * PieceBytes), "space between tokens costs no memory",
            () => $"{reader.BufferedBytes} bytes for {dense}"));

        using FrameReader other = new();
        List<string> whole = FrameFeed.Read(other, bytes, () => int.MaxValue);
        Violation.Unless(found.Count == whole.Count, "as many frames with space as without");
        for (int i = 0; i < found.Count; i++)
        {
            Violation.Unless(found[i] == whole[i] || Squeeze(found[i]) == Squeeze(whole[i]), "squeezed space changes no frame",
                () => $"{Squeeze(found[i])} and {Squeeze(whole[i])}");
        }
    }

    private static byte[] Expand(ReadOnlySpan<byte> recipe)
    {
        List<byte> bytes = [];
        byte before = (byte)' ';
        foreach (byte value in recipe)
        {
            if (value is > 0 and < 9)
            {
                bytes.AddRange(Enumerable.Repeat(before, Math.Min(value * RunBytes, MaxBytes - bytes.Count)));
            }
            else if (bytes.Count < MaxBytes)
            {
                bytes.Add(value);
                before = value;
            }
        }

        return [.. bytes];
    }

    // Space between tokens only: what stands in quotes stays.
    private static string Squeeze(string frame)
    {
        System.Text.StringBuilder text = new();
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
