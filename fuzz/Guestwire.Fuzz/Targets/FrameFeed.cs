using System.Text;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Fuzz.Targets;

/// <summary>Feeds a frame reader in pieces and writes down what it finds: the text of each value, or the error behind an exclamation mark.</summary>
internal static class FrameFeed
{
    /// <summary>Feeds a whole input.</summary>
    /// <param name="reader">Holds nothing yet.</param>
    /// <param name="input">The bytes.</param>
    /// <param name="nextPiece">How many bytes come at once, each time anew; at least one.</param>
    /// <param name="afterPiece">Looks at the reader when it has read all it can.</param>
    internal static List<string> Read(FrameReader reader, ReadOnlySpan<byte> input, Func<int> nextPiece, Action? afterPiece = null)
    {
        List<string> found = [];
        while (!input.IsEmpty)
        {
            int count = Math.Min(nextPiece(), input.Length);
            Give(reader, input[..count]);
            input = input[count..];
            while (reader.Read(out JsonValue value, out string? error) is FrameStatus status && status != FrameStatus.NeedMoreData)
            {
                Violation.Unless(status == FrameStatus.Value ? error is null : !string.IsNullOrEmpty(error), "an error has a text, and a value none");
                found.Add(status == FrameStatus.Error ? "!" + error : Encoding.Latin1.GetString(value.Text));
            }

            afterPiece?.Invoke();
        }

        return found;
    }

    /// <summary>Hands bytes to a reader.</summary>
    internal static void Give(FrameReader reader, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(reader.GetSpan(bytes.Length));
        reader.Advance(bytes.Length);
    }

    /// <summary>A random number for an input, always the same one.</summary>
    internal static Random RandomOf(ReadOnlySpan<byte> input)
    {
        int seed = input.Length;
        foreach (byte value in input)
        {
            seed = unchecked((seed * 31) + value);
        }

        return new Random(seed);
    }
}
