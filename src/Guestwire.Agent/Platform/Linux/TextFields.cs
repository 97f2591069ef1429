using System.Buffers.Text;
using System.Text;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Walks over the fields of a line that are parted by blanks, as the kernel writes most of its tables.</summary>
/// <remarks>A number that is none, or does not fit, is not taken: the same field is there for the next call.</remarks>
internal ref struct TextFields(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;

    /// <summary>Takes the next field, of any kind.</summary>
    /// <returns>False at the end.</returns>
    internal bool TryRead(out ReadOnlySpan<byte> field)
    {
        field = Peek();
        _rest = _rest[field.Length..];
        return !field.IsEmpty;
    }

    /// <summary>Takes a field as text.</summary>
    internal bool TryReadText(out string text)
    {
        bool any = TryRead(out ReadOnlySpan<byte> field);
        text = Encoding.UTF8.GetString(field);
        return any;
    }

    /// <summary>A field as text, which is the text before when that is the same: neighbouring lines often share one.</summary>
    internal static string ToText(ReadOnlySpan<byte> field, string before) =>
        Ascii.Equals(field, before) ? before : Encoding.UTF8.GetString(field);

    /// <summary>Takes a whole number from zero up.</summary>
    internal bool TryRead(out ulong value)
    {
        ReadOnlySpan<byte> field = Peek();
        return Took(field, Utf8Parser.TryParse(field, out value, out int length) && length == field.Length);
    }

    /// <summary>Takes a whole number.</summary>
    internal bool TryRead(out long value)
    {
        ReadOnlySpan<byte> field = Peek();
        return Took(field, Utf8Parser.TryParse(field, out value, out int length) && length == field.Length);
    }

    /// <summary>Takes a number of 32 bits in hexadecimal.</summary>
    internal bool TryReadHex(out uint value)
    {
        ReadOnlySpan<byte> field = Peek();
        return Took(field, Utf8Parser.TryParse(field, out value, out int length, 'x') && length == field.Length);
    }

    private ReadOnlySpan<byte> Peek()
    {
        _rest = _rest.TrimStart(" \t\r"u8);
        int end = _rest.IndexOfAny((byte)' ', (byte)'\t', (byte)'\r');
        return end < 0 ? _rest : _rest[..end];
    }

    private bool Took(ReadOnlySpan<byte> field, bool taken)
    {
        if (taken)
        {
            _rest = _rest[field.Length..];
        }

        return taken;
    }
}
