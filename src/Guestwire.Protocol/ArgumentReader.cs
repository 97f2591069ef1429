using System.Globalization;
using System.Text;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol;

/// <summary>
/// Takes typed values out of the arguments of a request, and knows at every moment where it is, so that an error names the
/// full path: <c>vcpus[1].online</c>. Generated codecs call it, member by member in schema order. Hot path: allocates only when it throws.
/// </summary>
/// <remarks>Every method throws a GenericError with the reference's text when the value is not what the schema says.</remarks>
public sealed class ArgumentReader
{
    // Schemas nest three deep; a level is a name, or an index with a null name.
    private readonly List<(string? Name, int Index)> _path = new(4);

    /// <summary>Goes into a member.</summary>
    public void Enter(string name) => _path.Add((name, 0));

    /// <summary>Goes into an item of a list.</summary>
    public void EnterItem(int index) => _path.Add((null, index));

    /// <summary>Comes back out.</summary>
    public void Leave() => _path.RemoveAt(_path.Count - 1);

    /// <summary>Starts a new request, wherever an error left the path.</summary>
    public void Reset() => _path.Clear();

    /// <summary>A whole number within int64; a number with fraction or exponent is refused, whatever its value.</summary>
    public long Int64(string name, JsonValue value)
    {
        RequirePresent(name, value);
        return value.TryGetInt64(out long number) ? number : throw WrongType(name, "integer");
    }

    /// <summary>A whole number within uint64; a negative one wraps around, as it always did.</summary>
    public ulong UInt64(string name, JsonValue value)
    {
        RequirePresent(name, value);
        if (value.TryGetUInt64(out ulong number))
        {
            return number;
        }

        if (value.TryGetInt64(out long negative))
        {
            return unchecked((ulong)negative);
        }

        throw new QapiException($"Parameter '{PathOf(name)}' expects uint64");
    }

    /// <summary>Any number.</summary>
    public double Double(string name, JsonValue value)
    {
        RequirePresent(name, value);
        return value.Kind is JsonKind.Integer or JsonKind.Double ? value.GetDouble() : throw WrongType(name, "number");
    }

    /// <summary>True or false.</summary>
    public bool Boolean(string name, JsonValue value)
    {
        RequirePresent(name, value);
        return value.Kind == JsonKind.Boolean ? value.GetBoolean() : throw WrongType(name, "boolean");
    }

    /// <summary>A string, of at most <see cref="FrameLimits.MaxStringBytes"/>.</summary>
    public string String(string name, JsonValue value)
    {
        RequirePresent(name, value);
        return value.Kind != JsonKind.String ? throw WrongType(name, "string")
            : value.Text.Length <= FrameLimits.MaxStringBytes ? value.GetString()
            : throw new QapiException($"Parameter '{PathOf(name)}' is too long");
    }

    /// <summary>A string that carries base64; what is in it is checked when it is decoded.</summary>
    public Base64Text Base64(string name, JsonValue value)
    {
        RequirePresent(name, value);
        return value.Kind == JsonKind.String ? value.GetBase64() : throw WrongType(name, "string");
    }

    /// <summary>The items of a list.</summary>
    public JsonItems Items(string name, JsonValue value)
    {
        RequirePresent(name, value);
        return value.Kind == JsonKind.Array ? value.Items : throw WrongType(name, "array");
    }

    /// <summary>The members of an object.</summary>
    public JsonMembers Members(string name, JsonValue value)
    {
        RequirePresent(name, value);
        return value.Kind == JsonKind.Object ? value.Members : throw WrongType(name, "object");
    }

    /// <summary>The error for a value of none of an alternate's JSON types.</summary>
    /// <param name="name">The member.</param>
    /// <param name="expected">The alternate's name.</param>
    public QapiException WrongType(string name, string expected) =>
        new($"Invalid parameter type for '{PathOf(name)}', expected: {expected}");

    /// <summary>The error for a string that is no value of the enumeration. It names the member alone, not the path.</summary>
    public static QapiException BadEnumValue(string name, JsonValue value) =>
        new($"Parameter '{name}' does not accept value '{value.GetQuotation()}'");

    /// <summary>The error for a member that the schema does not have.</summary>
    public QapiException Unexpected(JsonValue name) =>
        new($"Parameter '{PathOf(name.GetQuotation())}' is unexpected");

    /// <summary>Throws when the member does not occur.</summary>
    public void RequirePresent(string name, JsonValue value)
    {
        if (value.IsAbsent)
        {
            throw new QapiException($"Parameter '{PathOf(name)}' is missing");
        }
    }

    /// <param name="name">The member, or empty inside a list: then the path so far ends in the index.</param>
    private string PathOf(string name)
    {
        StringBuilder path = new();
        foreach ((string? entered, int index) in _path)
        {
            if (entered is null)
            {
                path.Append('[').Append(index.ToString(CultureInfo.InvariantCulture)).Append(']');
            }
            else
            {
                path.Append(path.Length > 0 ? "." : "").Append(entered);
            }
        }

        if (name.Length > 0)
        {
            path.Append(path.Length > 0 ? "." : "").Append(name);
        }

        return path.ToString();
    }
}
