using Guestwire.Protocol.Framing;

namespace Guestwire.Protocol.Json;

/// <summary>
/// One value of a request, as the text it came in. The frame reader has checked that text, so nothing here fails on
/// syntax; numbers, strings and members are taken out when asked for. Hot path: copying or asking allocates nothing,
/// but for <see cref="GetString"/> and <see cref="GetQuotation"/>.
/// </summary>
/// <remarks>Valid as long as the frame it came with. The default value is "absent".</remarks>
public readonly struct JsonValue
{
    /// <summary>The longest way to write one ASCII character: <c>\u0041</c>.</summary>
    private const int MaxEscapeBytes = 6;

    private readonly Memory<byte> _text;

    /// <summary>Wraps the text of exactly one checked value, without space around it.</summary>
    public JsonValue(Memory<byte> text) => _text = text;

    /// <summary>What this is.</summary>
    public JsonKind Kind
    {
        get
        {
            ReadOnlySpan<byte> text = _text.Span;
            return text.IsEmpty
                ? JsonKind.Absent
                : text[0] switch
                {
                    (byte)'{' => JsonKind.Object,
                    (byte)'[' => JsonKind.Array,
                    (byte)'"' or (byte)'\'' => JsonKind.String,
                    (byte)'t' or (byte)'f' => JsonKind.Boolean,
                    (byte)'n' => JsonKind.Null,
                    _ => TryGetInt64(out _) || TryGetUInt64(out _) ? JsonKind.Integer : JsonKind.Double,
                };
        }
    }

    /// <summary>Whether the member does not occur at all.</summary>
    public bool IsAbsent => _text.IsEmpty;

    /// <summary>The text as it came.</summary>
    public ReadOnlySpan<byte> Text => _text.Span;

    /// <summary>The members, when this is an object.</summary>
    public JsonMembers Members => new(_text);

    /// <summary>The items, when this is an array.</summary>
    public JsonItems Items => new(_text);

    /// <summary>The value, when this is <c>true</c> or <c>false</c>.</summary>
    public bool GetBoolean() => _text.Span[0] == (byte)'t';

    /// <summary>The value, when this is a number without fraction and exponent that fits.</summary>
    public bool TryGetInt64(out long value) => JsonNumber.TryGetInt64(_text.Span, out value);

    /// <summary>The value, when this is a non-negative number without fraction and exponent that fits.</summary>
    public bool TryGetUInt64(out ulong value) => JsonNumber.TryGetUInt64(_text.Span, out value);

    /// <summary>The value, when this is a number; infinity when it is too large.</summary>
    public double GetDouble() => JsonNumber.GetDouble(_text.Span);

    /// <summary>The characters, when this is a string.</summary>
    public string GetString() => JsonText.ToString(Content.Span);

    /// <summary>The characters for an error text, when this is a string: of a very long one only the first.</summary>
    public string GetQuotation()
    {
        ReadOnlySpan<byte> content = Content.Span;
        return content.Length <= FrameLimits.MaxQuotedBytes ? JsonText.ToString(content) : JsonText.Beginning(content, FrameLimits.MaxQuotedBytes);
    }

    /// <summary>Whether this string spells these bytes; they must be plain ASCII.</summary>
    public bool TextEquals(ReadOnlySpan<byte> ascii)
    {
        ReadOnlySpan<byte> content = _text.Span[1..^1];
        return content.Length <= ascii.Length
            ? content.SequenceEqual(ascii)
            : content.Length <= MaxEscapeBytes * ascii.Length && content.Contains((byte)'\\') && JsonText.IsSame(content, ascii);
    }

    /// <summary>The bytes, when this is a string that carries base64.</summary>
    public Base64Text GetBase64() => new(Content);

    private Memory<byte> Content => _text[1..^1];
}
