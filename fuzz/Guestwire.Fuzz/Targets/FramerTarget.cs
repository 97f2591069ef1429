using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// The frame reader. It does not matter in which pieces the bytes come; a 0xFF clears the line whatever came before; a reader keeps no more than it was given.
/// </summary>
internal sealed class FramerTarget : FuzzTarget
{
    private static readonly byte[] s_probe = [0xFF, (byte)'[', (byte)'7', (byte)']', (byte)'\n'];

    internal override string Name => "framer";

    internal override string About => "bytes to frames: the same in any pieces, and a clean line after 0xFF";

    internal override InputShape Shape => InputShape.Json;

    internal override IEnumerable<byte[]> Seeds => SeedTexts.Requests.Where(request => request.Length < 400);

    internal override IReadOnlyList<byte[]> Words { get; } =
        [.. SeedTexts.Words("true", "false", "null", "\\u", "\\ud83d\\ude00", "{\"execute\":", "[[[[", "]]]]"), [0xFF], [0xC0, 0x80], [0xEF, 0xBF, 0xBE]];

    internal override void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = [.. input, .. s_probe];
        Random random = FrameFeed.RandomOf(input);
        List<string> whole = Feed(bytes, () => int.MaxValue);
        Violation.UnlessSame(
            string.Join('\n', whole), string.Join('\n', Feed(bytes, () => random.Next(1, 9))), "it does not matter in which pieces bytes come");
        Violation.Unless(whole is [.., string reset, "[7]"] && reset.StartsWith("!JSON parse error, stray", StringComparison.Ordinal), "0xFF clears the line",
            () => string.Join('\n', whole));
    }

    private static List<string> Feed(byte[] bytes, Func<int> nextPiece)
    {
        using FrameReader reader = new();
        List<string> found = FrameFeed.Read(reader, bytes, nextPiece);
        Violation.Unless(reader.BufferedBytes <= 1, "what was read is let go of");
        Violation.Unless(reader.GetSpan(1).Length <= ByteBuffer.RetainedCapacity, "an empty reader is small");
        return found;
    }
}
