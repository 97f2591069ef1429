using System.Numerics;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Client;

/// <summary>Takes values out of a reply. An agent that answers otherwise than the schema says is as good as no agent: <see cref="IOException"/>.</summary>
/// <param name="command">The command that was asked.</param>
internal sealed class ReplyReader(string command)
{
    /// <summary>The value of <c>return</c>.</summary>
    /// <exception cref="QapiException">The agent answered with an error.</exception>
    internal JsonValue Return(JsonValue reply)
    {
        JsonValue result = default;
        JsonValue error = default;
        foreach (JsonMember member in Members("", reply))
        {
            if (member.Name.TextEquals("return"u8))
            {
                result = member.Value;
            }
            else if (member.Name.TextEquals("error"u8))
            {
                error = member.Value;
            }
        }

        return !error.IsAbsent ? throw Error(error) : !result.IsAbsent ? result : throw new IOException($"the agent's reply to {command} is none");
    }

    /// <summary>The members of an object.</summary>
    internal JsonMembers Members(string name, JsonValue value) => value.Kind == JsonKind.Object ? value.Members : throw Unexpected(name, "object");

    /// <summary>A string.</summary>
    internal string String(string name, JsonValue value) => value.Kind == JsonKind.String ? value.GetString() : throw Unexpected(name, "string");

    /// <summary>True or false.</summary>
    internal bool Boolean(string name, JsonValue value) => value.Kind == JsonKind.Boolean ? value.GetBoolean() : throw Unexpected(name, "boolean");

    /// <summary>A number.</summary>
    internal double Double(string name, JsonValue value) =>
        value.Kind is JsonKind.Integer or JsonKind.Double ? value.GetDouble() : throw Unexpected(name, "number");

    /// <summary>A whole number in the range of its type.</summary>
    internal T Integer<T>(string name, JsonValue value)
        where T : IBinaryInteger<T>
    {
        try
        {
            return value.Kind != JsonKind.Integer ? throw Unexpected(name, "integer")
                : value.TryGetInt64(out long number) ? T.CreateChecked(number)
                : value.TryGetUInt64(out ulong large) ? T.CreateChecked(large)
                : throw Unexpected(name, "integer");
        }
        catch (OverflowException)
        {
            throw Unexpected(name, typeof(T).Name);
        }
    }

    /// <summary>Bytes.</summary>
    internal Base64Source Base64(string name, JsonValue value) => new MemoryBase64Source(Bytes(name, value).ToArray());

    /// <summary>Bytes, where they lie: valid as long as the reply. They can be taken once.</summary>
    internal Memory<byte> Bytes(string name, JsonValue value)
    {
        try
        {
            return value.Kind == JsonKind.String ? value.GetBase64().Decode() : throw Unexpected(name, "string");
        }
        catch (QapiException exception)
        {
            throw new IOException($"the agent's reply to {command} is not what the schema says: '{name}' is not base64", exception);
        }
    }

    /// <summary>The items of a list.</summary>
    internal IReadOnlyList<T> List<T>(string name, JsonValue value, Func<ReplyReader, JsonValue, T> read)
    {
        if (value.Kind != JsonKind.Array)
        {
            throw Unexpected(name, "array");
        }

        List<T> items = [];
        foreach (JsonValue item in value.Items)
        {
            items.Add(read(this, item));
        }

        return items;
    }

    /// <summary>The complaint about a value that the schema does not allow there.</summary>
    internal IOException Unexpected(string name, string expected) =>
        new($"the agent's reply to {command} is not what the schema says: '{name}' is missing or no {expected}");

    private QapiException Error(JsonValue error)
    {
        string description = "unspecified error";
        ErrorClass errorClass = ErrorClass.GenericError;
        foreach (JsonMember member in Members("error", error))
        {
            if (member.Name.TextEquals("desc"u8))
            {
                description = String("desc", member.Value);
            }
            else if (member.Name.TextEquals("class"u8) && String("class", member.Value) == nameof(ErrorClass.CommandNotFound))
            {
                errorClass = ErrorClass.CommandNotFound;
            }
        }

        return new QapiException(errorClass, description);
    }
}
