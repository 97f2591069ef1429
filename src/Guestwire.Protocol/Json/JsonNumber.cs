using System.Buffers.Text;
using System.Globalization;

namespace Guestwire.Protocol.Json;

/// <summary>
/// Numbers as the dialect reads them: without fraction and exponent an int64, else a uint64, else a double; with either of them
/// always a double, even <c>1.0</c>. Hot path.
/// </summary>
internal static class JsonNumber
{
    internal static bool TryGetInt64(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out int used) && used == text.Length;

    internal static bool TryGetUInt64(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        return text[0] != (byte)'-' && Utf8Parser.TryParse(text, out value, out int used) && used == text.Length;
    }

    /// <summary>The number as a double; infinity when it is too large.</summary>
    internal static double GetDouble(ReadOnlySpan<byte> text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
