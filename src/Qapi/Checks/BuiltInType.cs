namespace Qapi.Checks;

/// <summary>The types that need no definition.</summary>
internal static class BuiltInType
{
    private static readonly Dictionary<string, JsonKind> Kinds = new()
    {
        ["str"] = JsonKind.Text,
        ["int"] = JsonKind.Number,
        ["number"] = JsonKind.Number,
        ["int8"] = JsonKind.Number,
        ["int16"] = JsonKind.Number,
        ["int32"] = JsonKind.Number,
        ["int64"] = JsonKind.Number,
        ["uint8"] = JsonKind.Number,
        ["uint16"] = JsonKind.Number,
        ["uint32"] = JsonKind.Number,
        ["uint64"] = JsonKind.Number,
        ["size"] = JsonKind.Number,
        ["bool"] = JsonKind.Boolean,
        ["null"] = JsonKind.Null,
        ["any"] = JsonKind.Any,
    };

    /// <summary>Whether a type is built in.</summary>
    internal static bool IsBuiltIn(string name) => Kinds.ContainsKey(name);

    /// <summary>What a built-in type is in JSON, or null when it is not built in.</summary>
    internal static JsonKind? KindOf(string name) => Kinds.TryGetValue(name, out JsonKind kind) ? kind : null;
}
