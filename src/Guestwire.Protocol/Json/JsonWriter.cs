using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Guestwire.Protocol.Json;

/// <summary>
/// Writes JSON as the wire wants it: one line, separators <c>", "</c> and <c>": "</c>, ASCII only. Hot path: writing allocates
/// nothing.
/// </summary>
/// <remarks>
/// <para>Escaped are the quote, the backslash and every code point below 0x20 or from 0x7F up: <c>\b \f \n \r \t</c> in short form,
/// the others as <c>\uXXXX</c> in upper case, pairs above the BMP. Text that is not Unicode becomes <c>\uFFFD</c>.</para>
/// <para>A member may be streamed (<see cref="Stream"/>): the writer then stops, and whoever owns it pulls the bytes and goes
/// on with the rest. Utf8JsonWriter can do neither the separators nor the escapes: docs/decisions/0003-own-json.md.</para>
/// </remarks>
public sealed class JsonWriter
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(PlainCharacters());
    private static readonly SearchValues<byte> PlainBytes = SearchValues.Create(Encoding.ASCII.GetBytes(PlainCharacters()));

    private readonly ByteBuffer _output;

    // The last byte written decides whether the next item needs a comma; it outlives the output, which may be sent in between.
    private byte _last;

    /// <summary>Writes behind what this buffer holds.</summary>
    public JsonWriter(ByteBuffer output) => _output = output;

    /// <summary>The stream that waits to be pulled before anything more may be written, or null.</summary>
    public JsonStream? Pending { get; private set; }

    /// <summary>Starts an object.</summary>
    public void BeginObject() => Begin((byte)'{');

    /// <summary>Ends an object.</summary>
    public void EndObject() => Put((byte)'}');

    /// <summary>Starts an array.</summary>
    public void BeginArray() => Begin((byte)'[');

    /// <summary>Ends an array.</summary>
    public void EndArray() => Put((byte)']');

    /// <summary>Ends the line; the next value starts afresh.</summary>
    public void EndLine() => Put((byte)'\n');

    /// <summary>Writes a member's name.</summary>
    /// <param name="name">Printable ASCII without quote and backslash, as every name of a schema is.</param>
    public void Name(ReadOnlySpan<byte> name)
    {
        Separate();
        Span<byte> span = _output.GetSpan(name.Length + 4);
        span[0] = (byte)'"';
        name.CopyTo(span[1..]);
        "\": "u8.CopyTo(span[(name.Length + 1)..]);
        _output.Advance(name.Length + 4);
        _last = (byte)' ';
    }

    /// <summary>Makes the string just written a member's name; for names that may need escapes.</summary>
    public void NameEnd()
    {
        _output.Append(": "u8);
        _last = (byte)' ';
    }

    /// <summary>Writes a whole number.</summary>
    public void Int64(long value)
    {
        Separate();
        Utf8Formatter.TryFormat(value, _output.GetSpan(20), out int written);
        Written(written);
    }

    /// <summary>Writes a whole number.</summary>
    public void UInt64(ulong value)
    {
        Separate();
        Utf8Formatter.TryFormat(value, _output.GetSpan(20), out int written);
        Written(written);
    }

    /// <summary>Writes a finite number with 17 significant digits, as C's <c>%.17g</c> does.</summary>
    public void Double(double value)
    {
        Separate();
        Span<byte> span = _output.GetSpan(32);
        value.TryFormat(span, out int written, "G17", CultureInfo.InvariantCulture);
        span[..written].Replace((byte)'E', (byte)'e');
        Written(written);
    }

    /// <summary>Writes <c>true</c> or <c>false</c>.</summary>
    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>Writes <c>null</c>.</summary>
    public void Null() => Raw("null"u8);

    /// <summary>Writes a value that is JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        _output.Append(json);
        _last = json[^1];
    }

    /// <summary>Writes a string.</summary>
    public void String(ReadOnlySpan<char> value)
    {
        Separate();
        _output.Append((byte)'"');
        while (!value.IsEmpty)
        {
            int plain = value.IndexOfAnyExcept(Plain);
            if (plain < 0)
            {
                plain = value.Length;
            }

            Encoding.ASCII.GetBytes(value[..plain], _output.GetSpan(plain));
            _output.Advance(plain);
            value = value[plain..];
            if (!value.IsEmpty)
            {
                Rune.DecodeFromUtf16(value, out Rune rune, out int used);
                Escape(rune);
                value = value[used..];
            }
        }

        Put((byte)'"');
    }

    /// <summary>Writes bytes as a string of base64.</summary>
    public void Base64(ReadOnlySpan<byte> bytes)
    {
        Separate();
        Span<byte> span = _output.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length) + 2);
        span[0] = (byte)'"';
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, span[1..], out _, out int written);
        span[written + 1] = (byte)'"';
        _output.Advance(written + 2);
        _last = (byte)'"';
    }

    /// <summary>Writes a value that was received, in the form of our own output.</summary>
    public void Value(JsonValue value) => JsonEcho.Write(this, value);

    /// <summary>Writes a string that was received, from the text between its quotes; no copy of it is made in between.</summary>
    internal void Received(ReadOnlySpan<byte> content)
    {
        Separate();
        _output.Append((byte)'"');
        while (!content.IsEmpty)
        {
            int plain = content.IndexOfAnyExcept(PlainBytes);
            if (plain < 0)
            {
                plain = content.Length;
            }

            _output.Append(content[..plain]);
            content = content[plain..];
            if (!content.IsEmpty)
            {
                Escape(JsonText.DecodeRune(content, out int used));
                content = content[used..];
            }
        }

        Put((byte)'"');
    }

    /// <summary>
    /// Writes a string of bytes in base64 that are pulled later. The caller writes nothing more: <paramref name="rest"/> does, when the
    /// bytes are through.
    /// </summary>
    /// <param name="source">The bytes.</param>
    /// <param name="state">Handed to <paramref name="rest"/>.</param>
    /// <param name="rest">Writes what follows the string; may stream again.</param>
    public void Stream(Base64Source source, object state, Action<JsonWriter, object> rest)
    {
        Separate();
        Put((byte)'"');
        Pending = new JsonStream(source, state, rest);
    }

    /// <summary>Appends the next piece of the pending stream, and what follows the string when it was the last.</summary>
    /// <param name="pieceBytes">How many bytes to pull; a multiple of three, so that pieces join without padding.</param>
    public void Pull(int pieceBytes)
    {
        JsonStream stream = Pending ?? throw new InvalidOperationException("nothing is pending");
        int encodedBytes = System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(pieceBytes);
        Span<byte> span = _output.GetSpan(encodedBytes + pieceBytes);
        Span<byte> piece = span.Slice(encodedBytes, pieceBytes);
        int read = stream.Source.Read(piece);
        System.Buffers.Text.Base64.EncodeToUtf8(piece[..read], span, out _, out int written);
        _output.Advance(written);
        if (read < pieceBytes)
        {
            Put((byte)'"');
            Pending = null;
            stream.Source.Dispose();
            stream.Rest(this, stream.State);
        }
    }

    /// <summary>Starts afresh, in the middle of whatever: what was begun is not wanted any more.</summary>
    public void Restart()
    {
        Pending?.Source.Dispose();
        Pending = null;
        _last = 0;
    }

    private static string PlainCharacters()
    {
        StringBuilder plain = new();
        for (char c = ' '; c < '\x7F'; c++)
        {
            if (c is not ('"' or '\\'))
            {
                plain.Append(c);
            }
        }

        return plain.ToString();
    }

    private void Begin(byte bracket)
    {
        Separate();
        Put(bracket);
    }

    private void Put(byte value)
    {
        _output.Append(value);
        _last = value;
    }

    private void Written(int count)
    {
        _output.Advance(count);
        _last = (byte)'0';
    }

    private void Separate()
    {
        if (_last is not (0 or (byte)'\n' or (byte)' ' or (byte)'{' or (byte)'['))
        {
            _output.Append(", "u8);
        }
    }

    private void Escape(Rune rune)
    {
        if (rune.Value is >= ' ' and < 0x7F and not ('"' or '\\'))
        {
            // Came as an escape, and needs none.
            _output.Append((byte)rune.Value);
            return;
        }

        byte shortForm = rune.Value switch
        {
            '"' => (byte)'"',
            '\\' => (byte)'\\',
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            '\n' => (byte)'n',
            '\r' => (byte)'r',
            '\t' => (byte)'t',
            _ => 0,
        };
        if (shortForm != 0)
        {
            _output.Append((byte)'\\');
            _output.Append(shortForm);
            return;
        }

        Span<char> units = stackalloc char[2];
        foreach (char unit in units[..rune.EncodeToUtf16(units)])
        {
            _output.Append("\\u"u8);
            Utf8Formatter.TryFormat((ushort)unit, _output.GetSpan(4), out int written, new StandardFormat('X', 4));
            _output.Advance(written);
        }
    }
}
