using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Framing;

/// <summary>
/// Checks the characters of a string while its bytes come: escapes, and what is not ASCII. Remembers the first fault; a string may
/// turn out to be no string at all until its quote has come. Hot path.
/// </summary>
internal struct StringCheck
{
    /// <summary>What a fault's text begins with.</summary>
    private const string Prefix = "JSON parse error, ";

    private const int UnicodeEscapeBytes = 6;

    private string? _fault;

    // Counted from the opening quote; how much of the text the fault quotes, 0 for none.
    private int _faultStart;
    private int _quotedBytes;

    /// <summary>Whether every character so far stands for itself: the text between the quotes is what it says.</summary>
    internal bool IsPlain { get; set; }

    /// <summary>Starts with the next string.</summary>
    internal void Start()
    {
        IsPlain = true;
        _fault = null;
    }

    /// <summary>Goes over what cannot be skipped at once: an escape, or characters beyond ASCII.</summary>
    /// <param name="rest">The text from there to the end of what has come.</param>
    /// <param name="offset">Where that is, from the opening quote.</param>
    /// <returns>The bytes to go on by; 0 when more of them must come first.</returns>
    internal int Take(ReadOnlySpan<byte> rest, int offset) =>
        rest[0] == (byte)'\\' ? TakeEscape(rest, offset) : TakeSequences(rest, offset);

    /// <summary>What the string's characters have against them, in the reference's words, or null.</summary>
    /// <param name="text">The whole string, with its quotes.</param>
    internal readonly string? FaultOf(ReadOnlySpan<byte> text) =>
        _fault is null || _quotedBytes == 0
            ? _fault
            : Prefix + ModifiedUtf8.ToString(text.Slice(_faultStart, Math.Min(_quotedBytes, text.Length - _faultStart))) + _fault;

    private int TakeEscape(ReadOnlySpan<byte> escape, int offset)
    {
        if (escape.Length < 2)
        {
            return 0;
        }

        byte escaped = escape[1];
        if (escaped is < 0x20 or >= 0xFE)
        {
            // A bad byte, which the reader will find itself.
            return 1;
        }

        if (_fault is not null || JsonText.IsShortEscape(escaped))
        {
            return 2;
        }

        return escaped == (byte)'u'
            ? TakeUnicode(escape, offset)
            : Fail(Prefix + "invalid escape sequence in string", offset, quotedBytes: 0, goOnBytes: 2);
    }

    private int TakeUnicode(ReadOnlySpan<byte> escape, int offset)
    {
        int code = JsonText.ReadHex4(escape[2..]);
        int length = UnicodeEscapeBytes;
        if (code < 0 && IsCutEscape(escape))
        {
            return 0;
        }

        if (code is >= 0xD800 and < 0xDC00)
        {
            ReadOnlySpan<byte> second = escape[UnicodeEscapeBytes..];
            if (IsCutEscape(second))
            {
                return 0;
            }

            int low = second is [(byte)'\\', (byte)'u', ..] ? JsonText.ReadHex4(second[2..]) : -1;
            if (low is >= 0xDC00 and < 0xE000)
            {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                length = 2 * UnicodeEscapeBytes;
            }
        }

        return ModifiedUtf8.IsCharacter(code) ? length : Fail(" is not a valid Unicode character", offset, quotedBytes: length, goOnBytes: 2);
    }

    private int TakeSequences(ReadOnlySpan<byte> bytes, int offset)
    {
        if (_fault is not null)
        {
            return 1;
        }

        int taken = 0;
        while (taken < bytes.Length && bytes[taken] >= 0x80 && ModifiedUtf8.Decode(bytes[taken..], out int length) >= 0)
        {
            taken += length;
        }

        return taken > 0 || ModifiedUtf8.IsCut(bytes)
            ? taken
            : Fail(Prefix + "invalid UTF-8 sequence in string", offset, quotedBytes: 0, goOnBytes: 1);
    }

    /// <summary>Whether the text ends inside what may become an escape of four digits.</summary>
    private static bool IsCutEscape(ReadOnlySpan<byte> text)
    {
        if (text.Length >= UnicodeEscapeBytes)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (!(i == 0 ? text[i] == (byte)'\\' : i == 1 ? text[i] == (byte)'u' : char.IsAsciiHexDigit((char)text[i])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Remembers a fault. No more than its first bytes are passed over: what follows them may end the string.</summary>
    private int Fail(string fault, int offset, int quotedBytes, int goOnBytes)
    {
        _fault = fault;
        _faultStart = offset;
        _quotedBytes = quotedBytes;
        return goOnBytes;
    }
}
