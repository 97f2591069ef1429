namespace Guestwire.Protocol.Json;

/// <summary>
/// Writes a received value back in the form of our own output: the same value, with our separators, quotes, escapes and numbers.
/// One pass over the text, whatever the nesting.
/// </summary>
internal static class JsonEcho
{
    internal static void Write(JsonWriter writer, JsonValue value)
    {
        ReadOnlySpan<byte> text = value.Text;
        int position = 0;
        while (position < text.Length)
        {
            switch (text[position])
            {
                case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)',':
                    position++;
                    break;
                case (byte)':':
                    writer.NameEnd();
                    position++;
                    break;
                case (byte)'{':
                    writer.BeginObject();
                    position++;
                    break;
                case (byte)'[':
                    writer.BeginArray();
                    position++;
                    break;
                case (byte)'}':
                    writer.EndObject();
                    position++;
                    break;
                case (byte)']':
                    writer.EndArray();
                    position++;
                    break;
                default:
                    int end = JsonText.SkipValue(text, position);
                    WriteScalar(writer, text[position..end]);
                    position = end;
                    break;
            }
        }
    }

    private static void WriteScalar(JsonWriter writer, ReadOnlySpan<byte> text)
    {
        if (text[0] is (byte)'"' or (byte)'\'')
        {
            writer.Received(text[1..^1]);
        }
        else if (text[0] is >= (byte)'a' and <= (byte)'z')
        {
            writer.Raw(text);
        }
        else if (JsonNumber.TryGetInt64(text, out long signed))
        {
            writer.Int64(signed);
        }
        else if (JsonNumber.TryGetUInt64(text, out ulong unsigned))
        {
            writer.UInt64(unsigned);
        }
        else if (double.IsFinite(JsonNumber.GetDouble(text)))
        {
            writer.Double(JsonNumber.GetDouble(text));
        }
        else
        {
            // JSON has no infinity: a number too large for us goes back as it came.
            writer.Raw(text);
        }
    }
}
