namespace Guestwire.Fuzz.Mutation;

/// <summary>Changes of bytes, whatever they mean.</summary>
internal sealed class ByteChanges(MutableText text, IReadOnlyList<byte[]> words, Random random)
{
    private const int LongestRun = 64;

    private static readonly byte[] s_interesting = [.. "{}[]:,\"'\\ \t\n\r\0#=;/.*?-+eEu019aAzZ"u8, 0x1F, 0x7F, 0x80, 0xBF, 0xC0, 0xC3, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xFE, 0xFF];

    /// <summary>All of them.</summary>
    internal Action[] All => [FlipBit, SetByte, SetByte, Delete, Delete, Repeat, Copy, InsertByte, InsertWord, InsertWord, OverwriteWord, ChangeNumber, Cut];

    private void FlipBit()
    {
        if (text.Length > 0)
        {
            text.Bytes[random.Next(text.Length)] ^= (byte)(1 << random.Next(8));
        }
    }

    private void SetByte()
    {
        if (text.Length > 0)
        {
            text.Bytes[random.Next(text.Length)] = AnyByte();
        }
    }

    private void Delete()
    {
        (int start, int count) = Part();
        text.Replace(start, count, []);
    }

    private void Repeat()
    {
        (int start, int count) = Part();
        ReadOnlySpan<byte> part = text.Bytes.Slice(start, count).ToArray();
        for (int times = random.Next(1, 5); times > 0; times--)
        {
            text.Replace(start, 0, part);
        }
    }

    private void Copy()
    {
        (int from, int count) = Part();
        int to = random.Next(text.Length + 1);
        text.Replace(to, random.Next(2) == 0 ? 0 : Math.Min(count, text.Length - to), text.Bytes.Slice(from, count).ToArray());
    }

    private void InsertByte()
    {
        Span<byte> run = stackalloc byte[random.Next(4) == 0 ? random.Next(1, LongestRun) : 1];
        run.Fill(AnyByte());
        text.Replace(random.Next(text.Length + 1), 0, run);
    }

    private void InsertWord()
    {
        if (words.Count > 0)
        {
            text.Replace(random.Next(text.Length + 1), 0, words[random.Next(words.Count)]);
        }
    }

    private void OverwriteWord()
    {
        if (words.Count > 0)
        {
            byte[] word = words[random.Next(words.Count)];
            int start = random.Next(text.Length + 1);
            text.Replace(start, Math.Min(word.Length, text.Length - start), word);
        }
    }

    private void ChangeNumber()
    {
        int start = text.Bytes.IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start >= 0)
        {
            // Any of the digits, not always the first ones.
            int skipped = random.Next(text.Length - start);
            int digit = text.Bytes[(start + skipped)..].IndexOfAnyInRange((byte)'0', (byte)'9');
            start = digit < 0 ? start : start + skipped + digit;
            int end = text.Bytes[start..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            text.Replace(start, end < 0 ? text.Length - start : end, Numbers.Any(random));
        }
    }

    private void Cut()
    {
        int start = random.Next(text.Length + 1);
        text.Replace(start, text.Length - start, []);
    }

    private byte AnyByte() => random.Next(3) == 0 ? (byte)random.Next(256) : s_interesting[random.Next(s_interesting.Length)];

    // Mostly short.
    private (int Start, int Count) Part()
    {
        int start = random.Next(text.Length + 1);
        int longest = Math.Min(text.Length - start, random.Next(4) == 0 ? text.Length : 16);
        return (start, random.Next(longest + 1));
    }
}
