using System.Buffers;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Framing;

/// <summary>
/// The grammar of a frame whose tokens are known to be sound: one value, objects with string keys that differ, strings with valid
/// escapes and characters, the keywords <c>true</c>, <c>false</c> and <c>null</c>. Hot path: no allocation but for errors and objects of many members.
/// </summary>
internal ref struct JsonGrammar
{
    private const string Prefix = "JSON parse error, ";

    /// <summary>Up to so many members an object's keys are compared with each other; from there on a set is kept.</summary>
    private const int FewMembers = 16;

    private static readonly SearchValues<byte> Special = SearchValues.Create(SpecialBytes());

    private readonly ReadOnlySpan<byte> _text;
    private int _position;
    private int _stringStart;
    private string? _error;

    private JsonGrammar(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>Checks one frame.</summary>
    /// <returns>What is wrong, in the reference's words, or null.</returns>
    internal static string? Check(ReadOnlySpan<byte> text)
    {
        JsonGrammar grammar = new(text);
        grammar.Value();
        return grammar._error;
    }

    private static byte[] SpecialBytes()
    {
        List<byte> special = [(byte)'\\', (byte)'"', (byte)'\''];
        for (int high = 0x80; high <= 0xFF; high++)
        {
            special.Add((byte)high);
        }

        return [.. special];
    }

    /// <summary>The next token's first byte, or 0 at the end; stands on it.</summary>
    private byte Peek()
    {
        while (_position < _text.Length && _text[_position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            _position++;
        }

        return _position < _text.Length ? _text[_position] : (byte)0;
    }

    private bool Fail(string what)
    {
        _error ??= Prefix + what;
        return false;
    }

    private bool Value()
    {
        byte first = Peek();
        switch (first)
        {
            case (byte)'{':
                return Object();
            case (byte)'[':
                return Array();
            case (byte)'"' or (byte)'\'':
                return String();
            case 0 or (byte)'}' or (byte)']' or (byte)',' or (byte)':':
                return Fail("expecting value");
            default:
                return first is >= (byte)'a' and <= (byte)'z' ? Keyword() : Number();
        }
    }

    private bool Keyword()
    {
        ReadOnlySpan<byte> word = _text[_position..];
        int length = word.IndexOfAnyExceptInRange((byte)'a', (byte)'z');
        word = length < 0 ? word : word[..length];
        _position += word.Length;
        return word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8) || word.SequenceEqual("null"u8)
            || Fail($"invalid keyword '{ModifiedUtf8.ToString(word[..Math.Min(word.Length, FrameLimits.MaxQuotedBytes)])}'");
    }

    /// <summary>Goes to the end of a number. Two may stand side by side without a space: <c>1-2</c>, and <c>0e1</c> ends behind its zero.</summary>
    private bool Number()
    {
        if (_text[_position] == (byte)'-')
        {
            _position++;
        }

        bool loneZero = _text[_position] == (byte)'0';
        Digits();
        if (At((byte)'.'))
        {
            loneZero = false;
            _position++;
            Digits();
        }

        if (!loneZero && (At((byte)'e') || At((byte)'E')))
        {
            _position += _text[_position + 1] is (byte)'+' or (byte)'-' ? 2 : 1;
            Digits();
        }

        return true;
    }

    private readonly bool At(byte value) => _position < _text.Length && _text[_position] == value;

    private void Digits()
    {
        int length = _text[_position..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        _position = length < 0 ? _text.Length : _position + length;
    }

    private bool Array()
    {
        _position++;
        if (Peek() == (byte)']')
        {
            _position++;
            return true;
        }

        while (Value())
        {
            switch (Peek())
            {
                case (byte)',':
                    _position++;
                    break;
                case (byte)']':
                    _position++;
                    return true;
                default:
                    return Fail("expected separator in list");
            }
        }

        return false;
    }

    private bool Object()
    {
        int objectStart = _position;
        _position++;
        if (Peek() == (byte)'}')
        {
            _position++;
            return true;
        }

        HashSet<string>? many = null;
        for (int members = 0; ; members++)
        {
            Peek();
            int keyStart = _position;
            if (!Value())
            {
                return false;
            }

            ReadOnlySpan<byte> key = _text[keyStart.._position];
            if (key[0] is not ((byte)'"' or (byte)'\''))
            {
                return Fail("key is not a string in object");
            }

            if (Peek() != (byte)':')
            {
                return Fail("missing : in object pair");
            }

            _position++;
            if (!Value())
            {
                return false;
            }

            if (members == FewMembers)
            {
                many = KeysBefore(objectStart, keyStart);
            }

            bool repeated = many is not null ? !many.Add(JsonText.ToString(key[1..^1])) : OccursBefore(objectStart, keyStart, key);
            if (repeated)
            {
                return Fail("duplicate key");
            }

            switch (Peek())
            {
                case (byte)',':
                    _position++;
                    break;
                case (byte)'}':
                    _position++;
                    return true;
                default:
                    return Fail("expected separator in dict");
            }
        }
    }

    private readonly HashSet<string> KeysBefore(int objectStart, int keyStart)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        for (int position = objectStart + 1; NextKey(keyStart, ref position, out ReadOnlySpan<byte> key);)
        {
            keys.Add(JsonText.ToString(key[1..^1]));
        }

        return keys;
    }

    private readonly bool OccursBefore(int objectStart, int keyStart, ReadOnlySpan<byte> wanted)
    {
        for (int position = objectStart + 1; NextKey(keyStart, ref position, out ReadOnlySpan<byte> key);)
        {
            ReadOnlySpan<byte> name = key[1..^1];
            ReadOnlySpan<byte> wantedName = wanted[1..^1];
            if (name.SequenceEqual(wantedName)
                || ((name.ContainsAny(Special) || wantedName.ContainsAny(Special)) && JsonText.ToString(name) == JsonText.ToString(wantedName)))
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool NextKey(int end, ref int position, out ReadOnlySpan<byte> key)
    {
        key = default;
        int start = JsonText.SkipSeparators(_text, position);
        if (start >= end)
        {
            return false;
        }

        int keyEnd = JsonText.SkipValue(_text, start);
        key = _text[start..keyEnd];
        position = JsonText.SkipValue(_text, JsonText.SkipSeparators(_text, keyEnd));
        return true;
    }

    private bool String()
    {
        _stringStart = _position;
        byte quote = _text[_position];
        _position++;
        while (true)
        {
            _position += _text[_position..].IndexOfAny(Special);
            byte special = _text[_position];
            if (special == quote)
            {
                _position++;
                return true;
            }

            if (special == (byte)'\\')
            {
                if (!Escape())
                {
                    return false;
                }
            }
            else if (special < 0x80)
            {
                // The other quote, which needs no escape.
                _position++;
            }
            else if (ModifiedUtf8.Decode(_text[_position..], out int length) < 0)
            {
                return Fail("invalid UTF-8 sequence in string");
            }
            else
            {
                _position += length;
            }
        }
    }

    private bool Escape()
    {
        ReadOnlySpan<byte> escape = _text[_position..];
        if (escape[1] is (byte)'"' or (byte)'\'' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            _position += 2;
            return true;
        }

        if (escape[1] != (byte)'u')
        {
            return Fail("invalid escape sequence in string");
        }

        int code = JsonText.ReadHex4(escape[2..]);
        int length = 6;
        if (code is >= 0xD800 and < 0xDC00 && escape.Length >= 12 && escape[6] == (byte)'\\' && escape[7] == (byte)'u')
        {
            int low = JsonText.ReadHex4(escape[8..]);
            if (low is >= 0xDC00 and < 0xE000)
            {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                length = 12;
            }
        }

        if (!ModifiedUtf8.IsCharacter(code))
        {
            // No further than the string itself goes, its closing quote included.
            int end = JsonText.SkipValue(_text, _stringStart) - _position;
            return Fail($"{ModifiedUtf8.ToString(escape[..Math.Min(length, end)])} is not a valid Unicode character");
        }

        _position += length;
        return true;
    }
}
