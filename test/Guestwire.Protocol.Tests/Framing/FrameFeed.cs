using System.Text;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Tests.Framing;

/// <summary>Feeds a frame reader and writes down what it finds: the text of each value, or the error behind an exclamation mark.</summary>
internal static class FrameFeed
{
    internal static List<string> Read(string input) => Read(Encoding.Latin1.GetBytes(input), pieceBytes: int.MaxValue);

    internal static List<string> Read(byte[] input, int pieceBytes)
    {
        using FrameReader reader = new();
        List<string> found = [];
        for (int start = 0; start < input.Length;)
        {
            int count = Math.Min(pieceBytes, input.Length - start);
            Give(reader, input.AsSpan(start, count));
            start += count;
            Collect(reader, found);
        }

        return found;
    }

    internal static void Give(FrameReader reader, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(reader.GetSpan(bytes.Length));
        reader.Advance(bytes.Length);
    }

    internal static void Collect(FrameReader reader, List<string> found)
    {
        while (reader.Read(out JsonValue value, out string? error) is FrameStatus status && status != FrameStatus.NeedMoreData)
        {
            found.Add(status == FrameStatus.Error ? "!" + error : Encoding.Latin1.GetString(value.Text));
        }
    }
}
