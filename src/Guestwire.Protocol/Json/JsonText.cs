using System.Buffers;
using System.Text;

namespace Guestwire.Protocol.Json;

/// <summary>
/// Walking over checked JSON text, and the way from a string as written to its characters. Hot path. The dialect:
/// strings in double or single quotes; the escapes of RFC 8259 plus <c>\'</c>; the bytes <c>C0 80</c> for U+0000.
/// </summary>
internal static class JsonText
{
    /// <summary>Content up to this size, in bytes, is decoded on the stack.</summary>
    private const int MaxStackBytes = 256;

    private static readonly SearchValues<byte> Brackets = SearchValues.Create("{}[]\"'"u8);
    private static readonly SearchValues<byte> BareEnd = SearchValues.Create(" \t\r\n,:]}[{\"'"u8);
    private static readonly SearchValues<byte> Encoded = SearchValues.Create([(byte)'\\', 0xC0]);

    /// <summary>Skips white space, commas and colons; their order was checked before.</summary>
    internal static int SkipSeparators(ReadOnlySpan<byte> text, int position)
    {
        while (text[position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or (byte)':')
        {
            position++;
        }

        return position;
    }

    /// <summary>Skips the value that starts here.</summary>
    internal static int SkipValue(ReadOnlySpan<byte> text, int start)
    {
        byte first = text[start];
        if (first is (byte)'"' or (byte)'\'')
        {
            return SkipString(text, start);
        }

        if (first is (byte)'{' or (byte)'[')
        {
            return SkipNested(text, start);
        }

        return SkipBare(text, start);
    }

    /// <summary>Skips the number or keyword that starts here.</summary>
    internal static int SkipBare(ReadOnlySpan<byte> text, int start)
    {
        int length = text[start..].IndexOfAny(BareEnd);
        return length < 0 ? text.Length : start + length;
    }

    /// <summary>The characters of a string's content (between its quotes).</summary>
    internal static string ToString(ReadOnlySpan<byte> content)
    {
        if (!content.ContainsAny(Encoded))
        {
            return Encoding.UTF8.GetString(content);
        }

        // Not from the shared pool: that keeps what it once had, and content may be long, and secret.
        Span<byte> decoded = content.Length <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[content.Length];
        return Encoding.UTF8.GetString(decoded[..Decode(content, decoded)]);
    }

    /// <summary>The beginning of a string's content, in whole characters and at most so many bytes as written.</summary>
    internal static string Beginning(ReadOnlySpan<byte> content, int maxBytes)
    {
        int length = 0;
        while (true)
        {
            DecodeRune(content[length..], out int used);
            if (length + used > maxBytes)
            {
                return ToString(content[..length]);
            }

            length += used;
        }
    }

    /// <summary>
    /// Writes the UTF-8 bytes of a string's content, escapes resolved, <c>C0 80</c> as a zero byte. Never longer than the
    /// content, and never ahead of it, so the destination may be the content itself.
    /// </summary>
    /// <returns>The number of bytes written.</returns>
    internal static int Decode(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        int written = 0;
        while (!content.IsEmpty)
        {
            int plain = content.IndexOfAny(Encoded);
            if (plain < 0)
            {
                plain = content.Length;
            }

            content[..plain].CopyTo(destination[written..]);
            written += plain;
            content = content[plain..];
            if (content.IsEmpty)
            {
                break;
            }

            if (content[0] == 0xC0)
            {
                destination[written++] = 0;
                content = content[2..];
            }
            else
            {
                int used = DecodeEscape(content, destination[written..], out int bytes);
                written += bytes;
                content = content[used..];
            }
        }

        return written;
    }

    /// <summary>The character at the start of a string's content, whichever way it is written.</summary>
    /// <param name="content">Checked content.</param>
    /// <param name="used">The bytes that it takes up.</param>
    internal static Rune DecodeRune(ReadOnlySpan<byte> content, out int used)
    {
        if (content[0] == (byte)'\\')
        {
            Span<byte> decoded = stackalloc byte[4];
            used = DecodeEscape(content, decoded, out int written);
            Rune.DecodeFromUtf8(decoded[..written], out Rune escaped, out _);
            return escaped;
        }

        return new Rune(ModifiedUtf8.Decode(content, out used));
    }

    /// <summary>The four hexadecimal digits at this place, or -1 when they are not four.</summary>
    internal static int ReadHex4(ReadOnlySpan<byte> digits)
    {
        if (digits.Length < 4)
        {
            return -1;
        }

        int value = 0;
        for (int i = 0; i < 4; i++)
        {
            int digit = digits[i] switch
            {
                >= (byte)'0' and <= (byte)'9' => digits[i] - '0',
                >= (byte)'a' and <= (byte)'f' => digits[i] - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digits[i] - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
            {
                return -1;
            }

            value = (value << 4) | digit;
        }

        return value;
    }

    private static int DecodeEscape(ReadOnlySpan<byte> escape, Span<byte> destination, out int written)
    {
        if (escape[1] != (byte)'u')
        {
            written = 1;
            destination[0] = escape[1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                byte itself => itself,
            };
            return 2;
        }

        int code = ReadHex4(escape[2..]);
        int used = 6;
        if (char.IsSurrogate((char)code))
        {
            code = char.ConvertToUtf32((char)code, (char)ReadHex4(escape[8..]));
            used = 12;
        }

        written = new Rune(code).EncodeToUtf8(destination);
        return used;
    }

    private static int SkipString(ReadOnlySpan<byte> text, int start)
    {
        byte quote = text[start];
        int position = start + 1;
        while (true)
        {
            position += text[position..].IndexOfAny(quote, (byte)'\\');
            if (text[position] == quote)
            {
                return position + 1;
            }

            position += 2;
        }
    }

    private static int SkipNested(ReadOnlySpan<byte> text, int start)
    {
        int depth = 0;
        int position = start;
        while (true)
        {
            position += text[position..].IndexOfAny(Brackets);
            switch (text[position])
            {
                case (byte)'{' or (byte)'[':
                    depth++;
                    position++;
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    position++;
                    if (depth == 0)
                    {
                        return position;
                    }

                    break;
                default:
                    position = SkipString(text, position);
                    break;
            }
        }
    }
}
