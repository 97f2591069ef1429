using System.Text.Json;
using Guestwire.Cli.Facts;
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

    /// <summary>Writes a member by its codec.</summary>
    internal static void WriteMember(Utf8JsonWriter writer, string name, Action<JsonWriter> write)
    {
        writer.WritePropertyName(name);
        Write(writer, write);
    }

    /// <summary>Writes a member by its codec: null when it is not known.</summary>
    internal static void WriteMember<T>(Utf8JsonWriter writer, string name, Answer<T> answer, Action<JsonWriter, T> write)
        where T : notnull
    {
        writer.WritePropertyName(name);
        if (answer.IsKnown)
        {
            Write(writer, json => write(json, answer.Value));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
