using Qapi.Model;

namespace Qapi.Generator.Emit.Client;

/// <summary>
/// Emits the readers of what replies hold. They are lenient where the agent's are strict: a member that this schema does not know is passed over,
/// since a newer agent may send it.
/// </summary>
internal sealed class ReplyEmitter(CodeText code, TypeUses uses)
{
    /// <summary>The expression that reads a value, which is a list when the type says so.</summary>
    /// <param name="name">The member's name as a C# expression.</param>
    internal static string Value(TypeReference type, string name, string value) => type.IsArray
        ? $"reader.List({name}, {value}, static (reader, item) => {Value(type.Name, name, "item")})"
        : Value(type.Name, name, value);

    /// <summary>Emits the reader of a type.</summary>
    internal void Emit(Definition type)
    {
        string name = CSharpName.Of(type.Name);
        code.Line($"/// <summary>Reads <see cref=\"{name}\"/> from a reply.</summary>");
        code.Open($"internal static class {name}Reply");
        code.Line("/// <exception cref=\"IOException\">It is not what the schema says.</exception>");
        code.Open($"internal static {name} Read(ReplyReader reader, string name, JsonValue value)");
        switch (type)
        {
            case StructType structure:
                Struct(name, uses.MembersOf(structure));
                break;
            case EnumType enumeration:
                Enum(name, enumeration);
                break;
            case AlternateType alternate:
                Alternate(name, alternate);
                break;
            case UnionType union:
                Union(name, union);
                break;
        }

        code.Close();
        code.Close();
        code.Line();
    }

    private static string Value(string type, string name, string value) => type switch
    {
        "str" => $"reader.String({name}, {value})",
        "bool" => $"reader.Boolean({name}, {value})",
        "number" => $"reader.Double({name}, {value})",
        _ when CSharpType.RuntimeMethodOf(type) is not null => $"reader.Integer<{CSharpType.Of(type)}>({name}, {value})",
        _ => $"{CSharpName.Of(type)}Reply.Read(reader, {name}, {value})",
    };

    private static string Member(Member member)
    {
        string local = CSharpType.LocalOf(member.Name);
        string read = CSharpType.IsBase64(member)
            ? $"reader.Base64(\"{member.Name}\", {local})"
            : Value(member.Type, $"\"{member.Name}\"", local);
        return member.IsOptional ? $"{local}.IsAbsent ? null : {read}" : read;
    }

    private void Struct(string name, List<Member> members)
    {
        MemberReading.Scan(code, "reader.Members(name, value)", members, unknown: null);
        code.Open($"return new {name}");
        foreach (Member member in members)
        {
            code.Line($"{CSharpName.Of(member.Name)} = {Member(member)},");
        }

        code.Close(";");
    }

    private void Enum(string name, EnumType type)
    {
        code.Open("return reader.String(name, value) switch");
        foreach (EnumValue value in type.Values)
        {
            code.Line($"\"{value.Name}\" => {name}.{CSharpName.Of(value.Name)},");
        }

        code.Line();
        code.Line("// A newer agent may know more of them.");
        code.Line($"_ => ({name})(-1),");
        code.Close(";");
    }

    private void Alternate(string name, AlternateType type)
    {
        code.Open("return value.Kind switch");
        foreach (Member branch in type.Branches)
        {
            code.Line($"{uses.KindsOf(branch.Type)} => new {name}.{CSharpName.Of(branch.Name)}({Value(branch.Type, "name", "value")}),");
        }

        code.Line($"_ => throw reader.Unexpected(name, \"{type.Name}\"),");
        code.Close(";");
    }

    private void Union(string name, UnionType type)
    {
        Member discriminator = type.Members.First(member => member.Name == type.Discriminator);
        List<Member> common = [.. type.Members.Where(member => member != discriminator)];
        MemberReading.Scan(code, "reader.Members(name, value)", [.. type.Members], unknown: null);
        string enumName = CSharpName.Of(discriminator.Type.Name);
        string branchOf = $"{CSharpType.LocalOf(discriminator.Name)}Value";
        code.Line($"{enumName} {branchOf} = {Member(discriminator)};");
        code.Open($"return {branchOf} switch");
        string initial = common.Count == 0
            ? ""
            : $" {{ {string.Join(", ", common.Select(member => $"{CSharpName.Of(member.Name)} = {Member(member)}"))} }}";
        foreach (Member branch in type.Branches)
        {
            string record = CSharpName.Of(branch.Name);
            code.Line($"{enumName}.{record} => new {name}.{record}({Value(branch.Type, "name", "value")}){initial},");
        }

        code.Line(UnionEmitter.HasBranchless(type, uses)
            ? $"_ => new {name}.{UnionEmitter.Branchless}({branchOf}){initial},"
            : $"_ => throw reader.Unexpected(name, \"{type.Name}\"),");
        code.Close(";");
    }
}
