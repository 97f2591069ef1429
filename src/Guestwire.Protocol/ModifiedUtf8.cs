using System.Numerics;
using System.Text;

namespace Guestwire.Protocol;

/// <summary>
/// UTF-8 as the wire has it: <c>C0 80</c> is U+0000; everything else that Unicode does not call a character is refused: overlong
/// forms, surrogates, the 66 noncharacters, code points above 10FFFF, truncated and stray bytes.
/// </summary>
internal static class ModifiedUtf8
{
    /// <summary>The lowest code point that needs so many bytes, from two on; up to six, so that a long bad sequence is one error, not many.</summary>
    private static ReadOnlySpan<int> LowestOfLength => [0x80, 0x800, 0x10000, 0x200000, 0x4000000];

    /// <summary>Decodes the sequence at the start of the bytes.</summary>
    /// <param name="bytes">At least one byte.</param>
    /// <param name="length">The bytes that belong together, valid or not.</param>
    /// <returns>The code point, or -1 when the sequence is not valid.</returns>
    internal static int Decode(ReadOnlySpan<byte> bytes, out int length)
    {
        byte first = bytes[0];
        length = 1;
        if (first < 0x80)
        {
            return first;
        }

        // Nearly all there is: two bytes, and three that can be neither overlong, nor a surrogate, nor a noncharacter.
        if (first is >= 0xC2 and < 0xE0 && bytes.Length > 1 && IsContinuation(bytes[1]))
        {
            length = 2;
            return ((first & 0x1F) << 6) | (bytes[1] & 0x3F);
        }

        if (first is (>= 0xE1 and < 0xED) or 0xEE && bytes.Length > 2 && IsContinuation(bytes[1]) && IsContinuation(bytes[2]))
        {
            length = 3;
            return ((first & 0x0F) << 12) | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F);
        }

        if (first is < 0xC0 or >= 0xFE)
        {
            return -1;
        }

        int wanted = LengthFrom(first);
        int code = first & (0x7F >> wanted);
        while (length < wanted && length < bytes.Length && IsContinuation(bytes[length]))
        {
            code = (code << 6) | (bytes[length] & 0x3F);
            length++;
        }

        bool complete = length == wanted;
        bool shortest = complete && (code >= LowestOfLength[wanted - 2] || (code == 0 && wanted == 2));
        return shortest && IsCharacter(code) ? code : -1;
    }

    /// <summary>Whether these bytes are the beginning of a longer sequence, which the next byte may go on with.</summary>
    internal static bool IsCut(ReadOnlySpan<byte> bytes) =>
        bytes[0] is >= 0xC0 and < 0xFE && bytes.Length < LengthFrom(bytes[0]) && bytes[1..].IndexOfAnyExceptInRange((byte)0x80, (byte)0xBF) < 0;

    /// <summary>Whether Unicode has a character there: no surrogate, no noncharacter, not beyond the end.</summary>
    internal static bool IsCharacter(int code) =>
        code is >= 0 and <= 0x10FFFF
        && code is not (>= 0xD800 and <= 0xDFFF)
        && code is not (>= 0xFDD0 and <= 0xFDEF)
        && (code & 0xFFFE) != 0xFFFE;

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;

    /// <summary>The length of the sequence that a byte from C0 to FD begins: the number of ones before its first zero.</summary>
    private static int LengthFrom(byte first) => BitOperations.LeadingZeroCount(~((uint)first << 24));

    /// <summary>The characters of these bytes, U+FFFD for each sequence that is not valid.</summary>
    internal static string ToString(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        Span<char> units = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            int code = Decode(bytes, out int length);
            text.Append(units[..new Rune(code < 0 ? 0xFFFD : code).EncodeToUtf16(units)]);
            bytes = bytes[length..];
        }

        return text.ToString();
    }
}
