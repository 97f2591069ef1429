using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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

    /// <summary>What the letters from b to t stand for behind a backslash.</summary>
    private static ReadOnlySpan<byte> ControlsByLetter => "\b???\f???????\n???\r?\t"u8;

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

    /// <summary>Skips white space.</summary>
    internal static int SkipSpace(ReadOnlySpan<byte> text, int position)
    {
        int start = position;
        while (position < text.Length && text[position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            position++;
            while (position - start >= TextBlock.Bytes && text.Length - position >= TextBlock.Bytes && IsSpace(TextBlock.At(text, position)))
            {
                position += TextBlock.Bytes;
            }
        }

        return position;
    }

    /// <summary>Skips the inside of a string as far as it stands for itself: to a quote, a backslash, a control character, or what is no ASCII.</summary>
    /// <param name="text">The text as far as it is there.</param>
    /// <param name="position">Inside the string.</param>
    /// <param name="quote">The string's quote.</param>
    internal static int SkipPlain(ReadOnlySpan<byte> text, int position, byte quote)
    {
        // Megabytes of base64 have no end: four blocks with one question.
        while (text.Length - position >= 4 * TextBlock.Bytes
            && (PlainEnds(text, position, quote) | PlainEnds(text, position + TextBlock.Bytes, quote)
                | PlainEnds(text, position + (2 * TextBlock.Bytes), quote) | PlainEnds(text, position + (3 * TextBlock.Bytes), quote)) == Vector128<byte>.Zero)
        {
            position += 4 * TextBlock.Bytes;
        }

        while (text.Length - position >= TextBlock.Bytes)
        {
            Vector128<byte> ends = PlainEnds(text, position, quote);
            if (ends != Vector128<byte>.Zero)
            {
                return position + TextBlock.First(ends.ExtractMostSignificantBits());
            }

            position += TextBlock.Bytes;
        }

        while (position < text.Length && text[position] is >= 0x20 and < 0x80 and not (byte)'\\' && text[position] != quote)
        {
            position++;
        }

        return position;
    }

    /// <summary>
    /// Skips the inside of a string as <see cref="SkipPlain"/> does, and escapes of two bytes too; stops at the backslash of any other,
    /// or of one that the end of the text cuts off.
    /// </summary>
    internal static int SkipShortEscapes(ReadOnlySpan<byte> text, int position, byte quote)
    {
        uint escaped = 0;
        while (text.Length - position >= TextBlock.Bytes)
        {
            Vector128<byte> block = TextBlock.At(text, position);
            Vector128<byte> quotes = TextBlock.Where(block, quote);
            Vector128<byte> backslashes = TextBlock.Where(block, (byte)'\\');
            Vector128<byte> unusual = TextBlock.WhereUnusual(block);
            if (escaped != 0 || (quotes | backslashes | unusual) != Vector128<byte>.Zero)
            {
                escaped = TextBlock.Escaped(backslashes.ExtractMostSignificantBits(), escaped);
                uint ends = (quotes.ExtractMostSignificantBits() & ~escaped) | unusual.ExtractMostSignificantBits()
                    | (escaped & ~TextBlock.WhereShortEscape(block).ExtractMostSignificantBits() & 0xFFFF);
                if (ends != 0)
                {
                    int end = TextBlock.First(ends);
                    return position + end - (int)((escaped >> end) & 1);
                }

                escaped >>= TextBlock.Bytes;
            }

            position += TextBlock.Bytes;
        }

        for (position -= (int)escaped; position < text.Length; position++)
        {
            byte current = text[position];
            if (current == quote || current is < 0x20 or >= 0x80)
            {
                break;
            }

            if (current == (byte)'\\')
            {
                if (position + 1 == text.Length || !IsShortEscape(text[position + 1]))
                {
                    break;
                }

                position++;
            }
        }

        return position;
    }

    /// <summary>Whether a backslash before this character makes an escape of two bytes.</summary>
    internal static bool IsShortEscape(byte escaped) => escaped
        is (byte)'"' or (byte)'\'' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t';

    /// <summary>Whether two texts of strings' content are the same characters, however written.</summary>
    internal static bool IsSame(ReadOnlySpan<byte> content, ReadOnlySpan<byte> other)
    {
        if (content.SequenceEqual(other))
        {
            return true;
        }

        while (!content.IsEmpty && !other.IsEmpty)
        {
            if (DecodeRune(content, out int used) != DecodeRune(other, out int otherUsed))
            {
                return false;
            }

            content = content[used..];
            other = other[otherUsed..];
        }

        return content.IsEmpty && other.IsEmpty;
    }

    /// <summary>The characters of a string's content (between its quotes).</summary>
    internal static string ToString(ReadOnlySpan<byte> content)
    {
        if (!content.ContainsAny((byte)'\\', (byte)0xC0))
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
        int read = 0;
        int written = 0;
        while (read < content.Length)
        {
            byte current = content[read];
            if (current == (byte)'\\' && content[read + 1] != (byte)'u')
            {
                destination[written++] = Escaped(content[read + 1]);
                read += 2;
            }
            else if (current == (byte)'\\')
            {
                read += DecodeEscape(content[read..], destination[written..], out int bytes);
                written += bytes;
            }
            else if (current == 0xC0)
            {
                destination[written++] = 0;
                read += 2;
            }
            else
            {
                int plain = PlainBytes(content, read);
                if (plain == TextBlock.Bytes)
                {
                    // All of the block at once: it may overwrite the content, but nothing behind it.
                    TextBlock.At(content, read).CopyTo(destination[written..]);
                }
                else
                {
                    for (int i = 0; i < plain; i++)
                    {
                        destination[written + i] = content[read + i];
                    }
                }

                read += plain;
                written += plain;
            }
        }

        return written;
    }

    /// <summary>How many of the next bytes stand for themselves, up to a block; at least the first does.</summary>
    private static int PlainBytes(ReadOnlySpan<byte> content, int position)
    {
        if (content.Length - position < TextBlock.Bytes)
        {
            return 1;
        }

        Vector128<byte> block = TextBlock.At(content, position);
        Vector128<byte> encoded = TextBlock.Where(block, (byte)'\\') | TextBlock.Where(block, 0xC0);
        return Math.Min(TextBlock.Bytes, TextBlock.First(encoded.ExtractMostSignificantBits()));
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
        if (!BinaryPrimitives.TryReadUInt32BigEndian(digits, out uint four))
        {
            return -1;
        }

        // All four at once: a byte's highest bit says whether it is at least this, and at most that. None may carry into the next, so that
        // what is no ASCII is counted out on the way.
        uint ascii = four & 0x7F7F7F7F;
        uint lower = ascii | 0x20202020;
        uint areDigits = (ascii + Each(0x80 - '0')) & (Each(0x80 + '9') - ascii);
        uint areLetters = (lower + Each(0x80 - 'a')) & (Each(0x80 + 'f') - lower);
        if (((areDigits | areLetters) & ~four & Each(0x80)) != Each(0x80))
        {
            return -1;
        }

        // A letter has bit 6, and its lowest four bits begin at 1.
        uint values = (four & Each(0x0F)) + (((four >> 6) & Each(1)) * 9);
        return (int)(((values >> 12) & 0xF000) | ((values >> 8) & 0x0F00) | ((values >> 4) & 0x00F0) | (values & 0x000F));
    }

    private static uint Each(int value) => (uint)value * 0x01010101;

    private static bool IsSpace(Vector128<byte> block) =>
        (TextBlock.Where(block, (byte)' ') | TextBlock.Where(block, (byte)'\n') | TextBlock.Where(block, (byte)'\r') | TextBlock.Where(block, (byte)'\t'))
        == Vector128<byte>.AllBitsSet;

    /// <summary>Skips the number or keyword that starts here.</summary>
    private static int SkipBare(ReadOnlySpan<byte> text, int start)
    {
        int position = start;
        while (position < text.Length && text[position] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'
            or (byte)',' or (byte)':' or (byte)']' or (byte)'}' or (byte)'[' or (byte)'{' or (byte)'"' or (byte)'\''))
        {
            position++;
        }

        return position;
    }

    private static byte Escaped(byte character) => character < (byte)'b' ? character : ControlsByLetter[character - (byte)'b'];

    private static int DecodeEscape(ReadOnlySpan<byte> escape, Span<byte> destination, out int written)
    {
        if (escape[1] != (byte)'u')
        {
            written = 1;
            destination[0] = Escaped(escape[1]);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> PlainEnds(ReadOnlySpan<byte> text, int position, byte quote)
    {
        Vector128<byte> block = TextBlock.At(text, position);
        return TextBlock.Where(block, quote) | TextBlock.Where(block, (byte)'\\') | TextBlock.WhereUnusual(block);
    }

    private static int SkipString(ReadOnlySpan<byte> text, int start)
    {
        byte quote = text[start];
        int position = SkipPlain(text, start + 1, quote);
        uint escaped = 0;
        while (text.Length - position >= TextBlock.Bytes)
        {
            Vector128<byte> block = TextBlock.At(text, position);
            Vector128<byte> quotes = TextBlock.Where(block, quote);
            Vector128<byte> backslashes = TextBlock.Where(block, (byte)'\\');
            if (escaped != 0 || (quotes | backslashes) != Vector128<byte>.Zero)
            {
                escaped = TextBlock.Escaped(backslashes.ExtractMostSignificantBits(), escaped);
                uint ends = quotes.ExtractMostSignificantBits() & ~escaped;
                if (ends != 0)
                {
                    return position + TextBlock.First(ends) + 1;
                }

                escaped >>= TextBlock.Bytes;
            }

            position += TextBlock.Bytes;
        }

        for (position += (int)escaped; text[position] != quote; position++)
        {
            if (text[position] == (byte)'\\')
            {
                position++;
            }
        }

        return position + 1;
    }

    private static int SkipNested(ReadOnlySpan<byte> text, int start)
    {
        int depth = 0;
        int position = start;
        while (true)
        {
            position = NextBracketOrQuote(text, position);
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

    private static int NextBracketOrQuote(ReadOnlySpan<byte> text, int position)
    {
        while (text.Length - position >= TextBlock.Bytes)
        {
            Vector128<byte> block = TextBlock.At(text, position);
            Vector128<byte> eitherBracket = block | Vector128.Create((byte)('[' ^ '{'));
            Vector128<byte> found = TextBlock.Where(eitherBracket, (byte)'{') | TextBlock.Where(eitherBracket, (byte)'}')
                | TextBlock.Where(block, (byte)'"') | TextBlock.Where(block, (byte)'\'');
            if (found != Vector128<byte>.Zero)
            {
                return position + TextBlock.First(found.ExtractMostSignificantBits());
            }

            position += TextBlock.Bytes;
        }

        while (text[position] is not ((byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)'"' or (byte)'\''))
        {
            position++;
        }

        return position;
    }
}
