using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>How the schema's types are spelt in C#.</summary>
internal static class CSharpType
{
    /// <summary>The feature of a <c>str</c> that carries base64.</summary>
    internal const string Base64Feature = "base64";

    /// <summary>The feature of a struct whose base64 is written while it is made.</summary>
    internal const string StreamedFeature = "streamed";

    // Words that the bodies of generated methods use, and words that C# keeps for itself.
    private static readonly HashSet<string> Taken =
    [
        "arguments", "branch", "i", "item", "items", "list", "member", "members", "name", "reader", "result", "state",
        "unexpected", "value", "writer",
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal",
        "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for",
        "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null",
        "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed",
        "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong",
        "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    /// <summary>Whether a member's string carries base64.</summary>
    internal static bool IsBase64(Member member) => member.Features.Any(feature => feature.Name == Base64Feature);

    /// <summary>Whether a definition has a feature.</summary>
    internal static bool Has(Definition definition, string feature) => definition.Features.Any(item => item.Name == feature);

    /// <summary>The type of a member, with a question mark where it may be absent.</summary>
    /// <param name="isWritten">Whether it stands in a reply, where base64 is a source of bytes; else it is a text to decode.</param>
    internal static string OfMember(Member member, bool isWritten) =>
        (IsBase64(member) ? (isWritten ? "Base64Source" : "Base64Text") : Of(member.Type)) + (member.IsOptional ? "?" : "");

    /// <summary>A type, where it is not base64.</summary>
    internal static string Of(TypeReference type) => type.IsArray ? $"IReadOnlyList<{Of(type.Name)}>" : Of(type.Name);

    /// <summary>A type of this name.</summary>
    internal static string Of(string type) => type switch
    {
        "str" => "string",
        "number" => "double",
        "bool" => "bool",
        "int" or "int64" => "long",
        "int32" => "int",
        "int16" => "short",
        "int8" => "sbyte",
        "uint64" or "size" => "ulong",
        "uint32" => "uint",
        "uint16" => "ushort",
        "uint8" => "byte",
        _ => CSharpName.Of(type),
    };

    /// <summary>The class that reads and writes a defined type.</summary>
    internal static string CodecOf(string type) => CSharpName.Of(type) + "Codec";

    /// <summary>The method of the runtime's reader and writer for a built-in type, or null for a defined one.</summary>
    internal static string? RuntimeMethodOf(string type) => type switch
    {
        "str" => "String",
        "number" => "Double",
        "bool" => "Boolean",
        "int" or "int64" or "int32" or "int16" or "int8" => "Int64",
        "uint64" or "size" or "uint32" or "uint16" or "uint8" => "UInt64",
        _ => null,
    };

    /// <summary>The name of a local variable for a member.</summary>
    internal static string LocalOf(string wireName)
    {
        string name = CSharpName.Of(wireName);
        string local = char.ToLowerInvariant(name[0]) + name.Substring(1);
        return Taken.Contains(local) ? local + "Member" : local;
    }
}
