using Guestwire.Protocol.Json;

namespace Guestwire.Protocol;

/// <summary>
/// Writes the envelope of a reply, one line: <c>{"return": VALUE, "id": ANY}</c> or <c>{"id": ANY, "error": {"class": C, "desc": D}}</c>,
/// the id only where the request had one. Hot path.
/// </summary>
public static class ResponseWriter
{
    /// <summary>The byte before the reply to guest-sync-delimited, by which a host finds its place in the stream.</summary>
    public const byte Sentinel = 0xFF;

    /// <summary>Writes what comes before the value of <c>return</c>.</summary>
    public static void BeginReturn(JsonWriter writer)
    {
        writer.BeginObject();
        writer.Name("return"u8);
    }

    /// <summary>Writes what comes after it.</summary>
    public static void EndReturn(JsonWriter writer, JsonValue id)
    {
        if (!id.IsAbsent)
        {
            writer.Name("id"u8);
            JsonEcho.Write(writer, id);
        }

        writer.EndObject();
        writer.EndLine();
    }

    /// <summary>Writes a whole error reply.</summary>
    public static void WriteError(JsonWriter writer, ErrorClass errorClass, string description, JsonValue id)
    {
        writer.BeginObject();
        if (!id.IsAbsent)
        {
            writer.Name("id"u8);
            JsonEcho.Write(writer, id);
        }

        writer.Name("error"u8);
        writer.BeginObject();
        writer.Name("class"u8);
        writer.String(errorClass == ErrorClass.CommandNotFound ? nameof(ErrorClass.CommandNotFound) : nameof(ErrorClass.GenericError));
        writer.Name("desc"u8);
        writer.String(description);
        writer.EndObject();
        writer.EndObject();
        writer.EndLine();
    }
}
