using System.Globalization;
using System.Text;

namespace Guestwire.Fuzz.Mutation;

/// <summary>
/// Changes of JSON that leave it JSON, mostly: a value for another, a member twice, one level more or less, another spelling of a string. Works on
/// anything: what is no JSON has no values, and stays as it is.
/// </summary>
internal sealed class JsonChanges(MutableText text, IReadOnlyList<byte[]> words, Random random)
{
    private const int DeepestNest = 32;

    private static readonly byte[][] s_values =
    [
        .. new[]
        {
            "{}", "[]", "null", "true", "false", "\"\"", "\"a\"", "[{}]", "{\"a\":1}", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\ufffe\"", "''", "'\"'",
            "[[[[]]]]", "{\"\":{\"\":{}}}", "\"aGVsbG8=\"", "\"=\"", "nul", "0e1",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    private readonly List<(int Start, int End)> _values = [];
    private readonly Stack<int> _open = [];

    /// <summary>All of them.</summary>
    internal Action[] All => [ReplaceValue, ReplaceValue, ReplaceWithWord, CopyValue, SwapValues, DeleteValue, Wrap, Respell, ChangeQuotes, RepeatMember];

    private void ReplaceValue()
    {
        if (TryPick(out int start, out int count))
        {
            text.Replace(start, count, random.Next(2) == 0 ? Numbers.Any(random) : s_values[random.Next(s_values.Length)]);
        }
    }

    private void ReplaceWithWord()
    {
        if (words.Count > 0 && TryPick(out int start, out int count))
        {
            text.Replace(start, count, [(byte)'"', .. words[random.Next(words.Count)], (byte)'"']);
        }
    }

    private void CopyValue()
    {
        if (TryPick(out int from, out int length) && TryPick(out int start, out int count))
        {
            text.Replace(start, count, text.Bytes.Slice(from, length).ToArray());
        }
    }

    private void SwapValues()
    {
        if (TryPick(out int first, out int firstCount) && TryPick(out int second, out int secondCount) && first + firstCount <= second)
        {
            byte[] one = text.Bytes.Slice(first, firstCount).ToArray();
            byte[] other = text.Bytes.Slice(second, secondCount).ToArray();
            text.Replace(second, secondCount, one);
            text.Replace(first, firstCount, other);
        }
    }

    private void DeleteValue()
    {
        if (TryPick(out int start, out int count))
        {
            text.Replace(start, count, []);
        }
    }

    private void Wrap()
    {
        if (TryPick(out int start, out int count))
        {
            byte[] value = text.Bytes.Slice(start, count).ToArray();
            int depth = random.Next(4) == 0 ? random.Next(1, DeepestNest) : 1;
            (string before, string after) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
            text.Replace(start, count, [.. Times(before, depth), .. value, .. Times(after, depth)]);
        }
    }

    /// <summary>Writes one character in the middle of a string as an escape.</summary>
    private void Respell()
    {
        if (TryPick(out int start, out int count) && count > 2 && text.Bytes[start] is (byte)'"' or (byte)'\'')
        {
            int at = start + random.Next(1, count - 1);
            string escape = "\\u" + ((int)text.Bytes[at]).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture);
            text.Replace(at, 1, Encoding.ASCII.GetBytes(escape));
        }
    }

    private void ChangeQuotes()
    {
        if (TryPick(out int start, out int count) && text.Bytes[start] is (byte)'"' or (byte)'\'')
        {
            byte quote = text.Bytes[start] == (byte)'"' ? (byte)'\'' : (byte)'"';
            text.Bytes[start] = quote;
            text.Bytes[start + count - 1] = quote;
        }
    }

    private void RepeatMember()
    {
        int comma = text.Bytes.IndexOf((byte)',');
        int brace = text.Bytes.IndexOf((byte)'{');
        if (brace >= 0 && brace + 1 < comma)
        {
            text.Replace(brace + 1, 0, text.Bytes[(brace + 1)..(comma + 1)].ToArray());
        }
    }

    private static byte[] Times(string part, int times) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(part, times)));

    private bool TryPick(out int start, out int count)
    {
        FindValues();
        (start, int end) = _values.Count == 0 ? (0, 0) : _values[random.Next(_values.Count)];
        count = end - start;
        return count > 0;
    }

    /// <summary>Strings, words, numbers, and what stands between brackets that belong together; tolerant of anything.</summary>
    private void FindValues()
    {
        _values.Clear();
        _open.Clear();
        ReadOnlySpan<byte> bytes = text.Bytes;
        for (int i = 0; i < bytes.Length;)
        {
            switch (bytes[i])
            {
                case (byte)'{' or (byte)'[':
                    _open.Push(i++);
                    break;
                case (byte)'}' or (byte)']':
                    i++;
                    if (_open.TryPop(out int opened))
                    {
                        _values.Add((opened, i));
                    }

                    break;
                case (byte)'"' or (byte)'\'':
                    int stringEnd = EndOfString(bytes, i);
                    _values.Add((i, stringEnd));
                    i = stringEnd;
                    break;
                case byte other when IsBare(other):
                    int bareEnd = i;
                    while (bareEnd < bytes.Length && IsBare(bytes[bareEnd]))
                    {
                        bareEnd++;
                    }

                    _values.Add((i, bareEnd));
                    i = bareEnd;
                    break;
                default:
                    i++;
                    break;
            }
        }
    }

    private static int EndOfString(ReadOnlySpan<byte> bytes, int start)
    {
        int end = start + 1;
        while (end < bytes.Length && bytes[end] != bytes[start])
        {
            end += bytes[end] == (byte)'\\' ? 2 : 1;
        }

        return Math.Min(end + 1, bytes.Length);
    }

    private static bool IsBare(byte value) => value is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'z') or (byte)'-' or (byte)'+' or (byte)'.' or (byte)'E';
}
