using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Emits enumerations, which are strings on the wire.</summary>
internal sealed class EnumEmitter(CodeText code, TypeUses uses)
{
    /// <summary>Emits an enumeration and its codec.</summary>
    internal void Emit(EnumType type)
    {
        string name = CSharpName.Of(type.Name);
        DocText.Definition(code, type.Doc, type.Name);
        code.Open($"public enum {name}");
        foreach (EnumValue value in type.Values)
        {
            DocText.Summary(code, value.Doc, $"The value <c>{value.Name}</c>.");
            code.Line($"{CSharpName.Of(value.Name)},");
            code.Line();
        }

        code.Close();
        code.Line();

        code.Line($"/// <summary>The wire form of <see cref=\"{name}\"/>: its name as a string.</summary>");
        code.Open($"public static class {name}Codec");
        WireName(type, name);
        if (uses.IsWritten(type.Name))
        {
            code.Line("/// <summary>Writes its name.</summary>");
            code.Line($"public static void Write(JsonWriter writer, {name} value) => writer.String(WireName(value));");
            code.Line();
            if (uses.IsWrittenInLists(type.Name))
            {
                MemberWriting.ListMethod(code, type.Name);
            }
        }

        if (uses.IsRead(type.Name))
        {
            Reader(type, name);
        }

        code.Close();
        code.Line();
    }

    private void WireName(EnumType type, string name)
    {
        code.Line("/// <summary>The name on the wire.</summary>");
        code.Open($"public static string WireName({name} value) => value switch");
        foreach (EnumValue value in type.Values)
        {
            code.Line($"{name}.{CSharpName.Of(value.Name)} => \"{value.Name}\",");
        }

        code.Line();
        code.Line("// Came from an agent that is newer than this schema.");
        code.Line("_ => \"unknown\",");
        code.Close(";");
        code.Line();
    }

    private void Reader(EnumType type, string name)
    {
        code.Line("/// <summary>Reads the member of that name.</summary>");
        code.Line("/// <exception cref=\"QapiException\">It is not a string, or no such value.</exception>");
        code.Open($"public static {name} Read(ArgumentReader reader, string name, JsonValue value)");
        code.Line("reader.RequirePresent(name, value);");
        code.Open("if (value.Kind != JsonKind.String)");
        code.Line("throw reader.WrongType(name, \"string\");");
        code.Close();
        code.Line();
        foreach (EnumValue value in type.Values)
        {
            code.Open($"if (value.TextEquals(\"{value.Name}\"u8))");
            code.Line($"return {name}.{CSharpName.Of(value.Name)};");
            code.Close();
            code.Line();
        }

        code.Line("throw ArgumentReader.BadEnumValue(name, value);");
        code.Close();
        code.Line();
    }
}
