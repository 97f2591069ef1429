using System.Text.Json;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Cli.Output;

/// <summary>What came over the wire, written as it came.</summary>
internal static class Wire
{
    /// <summary>Writes a value by its codec.</summary>
    internal static void Write(Utf8JsonWriter writer, Action<JsonWriter> write)
    {
        using ByteBuffer buffer = new();
        write(new JsonWriter(buffer));
        writer.WriteRawValue(buffer.Bytes);
    }
}
