namespace Guestwire.Fuzz.Mutation;

/// <summary>Changes of lines and of the fields in them, which are parted by blanks, colons, equals signs or commas.</summary>
internal sealed class LineChanges(MutableText text, IReadOnlyList<byte[]> words, Random random)
{
    private static readonly byte[] s_separators = " \t:=,"u8.ToArray();

    /// <summary>All of them.</summary>
    internal Action[] All => [DeleteLine, RepeatLine, SwapLines, JoinLines, EndLine, ReplaceField, ReplaceField, DeleteField, CopyField];

    private void DeleteLine()
    {
        (int start, int end) = Line();
        text.Replace(start, end - start, []);
    }

    private void RepeatLine()
    {
        (int from, int end) = Line();
        (int to, _) = Line();
        text.Replace(to, 0, text.Bytes[from..end].ToArray());
    }

    private void SwapLines()
    {
        (int first, int firstEnd) = Line();
        (int second, int secondEnd) = Line();
        if (firstEnd <= second)
        {
            byte[] one = text.Bytes[first..firstEnd].ToArray();
            byte[] other = text.Bytes[second..secondEnd].ToArray();
            text.Replace(second, secondEnd - second, one);
            text.Replace(first, firstEnd - first, other);
        }
    }

    private void JoinLines()
    {
        (_, int end) = Line();
        if (end > 0 && text.Bytes[end - 1] == (byte)'\n')
        {
            text.Replace(end - 1, 1, []);
        }
    }

    private void EndLine() =>
        text.Replace(random.Next(text.Length + 1), 0, random.Next(3) switch { 0 => "\r\n"u8, 1 => "\n\n"u8, _ => "\n"u8 });

    private void ReplaceField()
    {
        (int start, int end) = Field();
        text.Replace(start, end - start, words.Count == 0 || random.Next(2) == 0 ? Numbers.Any(random) : words[random.Next(words.Count)]);
    }

    private void DeleteField()
    {
        (int start, int end) = Field();
        text.Replace(start, Math.Min(end + 1, text.Length) - start, []);
    }

    private void CopyField()
    {
        (int from, int fromEnd) = Field();
        byte[] field = text.Bytes[from..fromEnd].ToArray();
        (int start, int end) = Field();
        text.Replace(start, end - start, field);
    }

    // A line with its end.
    private (int Start, int End) Line()
    {
        int at = random.Next(text.Length + 1);
        int start = text.Bytes[..at].LastIndexOf((byte)'\n') + 1;
        int end = text.Bytes[at..].IndexOf((byte)'\n');
        return (start, end < 0 ? text.Length : at + end + 1);
    }

    private (int Start, int End) Field()
    {
        (int lineStart, int lineEnd) = Line();
        int at = random.Next(lineStart, lineEnd + 1);
        int start = lineStart + text.Bytes[lineStart..at].LastIndexOfAny(s_separators) + 1;
        ReadOnlySpan<byte> rest = text.Bytes[at..lineEnd].TrimEnd((byte)'\n');
        int end = rest.IndexOfAny(s_separators);
        int fieldEnd = end < 0 ? at + rest.Length : at + end;
        return (start, Math.Max(start, fieldEnd));
    }
}
