using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>
/// Emits statements that read members, in methods that have a <c>reader</c>: one pass over what came, then each member in the
/// schema's order, and only then a complaint about one that the schema does not have. That order decides which error a host sees.
/// </summary>
internal static class MemberReading
{
    /// <summary>The first unknown member is the one to complain about.</summary>
    internal const string NotYet = "unexpected.IsAbsent";

    /// <summary>The pass over what came: known members into locals, the first unknown name into <c>unexpected</c>.</summary>
    /// <param name="source">The expression to walk over.</param>
    /// <param name="members">The members to keep.</param>
    /// <param name="unknown">The condition under which one that is not among them is unknown, or null when none matters.</param>
    /// <param name="present">An expression that says whether anything came, or null when something always did.</param>
    internal static void Scan(
        CodeText code, string source, IReadOnlyList<Member> members, string? unknown = NotYet, string? present = null)
    {
        foreach (Member member in members)
        {
            code.Line($"JsonValue {CSharpType.LocalOf(member.Name)} = default;");
        }

        if (unknown is not null)
        {
            code.Line("JsonValue unexpected = default;");
        }

        if (present is not null)
        {
            code.Line();
            code.Open($"if ({present})");
        }

        code.Open($"foreach (JsonMember member in {source})");
        string keyword = "if";
        foreach (Member member in members)
        {
            code.Open($"{keyword} (member.Name.TextEquals(\"{member.Name}\"u8))");
            code.Line($"{CSharpType.LocalOf(member.Name)} = member.Value;");
            code.Close();
            keyword = "else if";
        }

        if (unknown is not null)
        {
            code.Open($"{keyword} ({unknown})");
            code.Line("unexpected = member.Name;");
            code.Close();
        }

        code.Close();
        if (present is not null)
        {
            code.Close();
        }

        code.Line();
    }

    /// <summary>The refusal of what <see cref="Scan"/> found to be unknown.</summary>
    internal static void Refuse(CodeText code)
    {
        code.Open("if (!unexpected.IsAbsent)");
        code.Line("throw reader.Unexpected(unexpected);");
        code.Close();
        code.Line();
    }

    /// <summary>Assigns each member to its property, as lines of an object initializer.</summary>
    internal static void Initializers(CodeText code, IEnumerable<Member> members)
    {
        foreach (Member member in members)
        {
            code.Line($"{CSharpName.Of(member.Name)} = {Member(member)},");
        }
    }

    /// <summary>The expression that reads a member from its local.</summary>
    /// <param name="listReaders">The class with the methods that read lists, with a dot, when it is another one.</param>
    internal static string Member(Member member, string listReaders = "")
    {
        string local = CSharpType.LocalOf(member.Name);
        string read = member switch
        {
            { Type.IsArray: true } => $"{listReaders}Read{CSharpName.Of(member.Name)}(reader, {local})",
            _ when CSharpType.IsBase64(member) => $"reader.Base64(\"{member.Name}\", {local})",
            _ => Value(member.Type.Name, $"\"{member.Name}\"", local),
        };
        return member.IsOptional ? $"{local}.IsAbsent ? null : {read}" : read;
    }

    /// <summary>The expression that reads one value.</summary>
    /// <param name="name">The member's name as a C# expression.</param>
    internal static string Value(string type, string name, string value) => CSharpType.RuntimeMethodOf(type) is { } method
        ? $"reader.{method}({name}, {value})"
        : $"{CSharpType.CodecOf(type)}.Read(reader, {name}, {value})";

    /// <summary>A method for each member that is a list.</summary>
    /// <param name="isShared">Whether another codec calls it: that of a union whose branch this is.</param>
    internal static void ListMethods(CodeText code, IEnumerable<Member> members, TypeUses uses, bool isShared)
    {
        foreach (Member member in members.Where(member => member.Type.IsArray))
        {
            string type = CSharpType.Of(member.Type.Name);
            bool isObject = uses.Find(member.Type.Name) is StructType or UnionType;
            string access = isShared ? "internal" : "private";
            code.Line($"/// <summary>Reads the list <c>{member.Name}</c>.</summary>");
            code.Open($"{access} static List<{type}> Read{CSharpName.Of(member.Name)}(ArgumentReader reader, JsonValue value)");
            code.Line($"JsonItems items = reader.Items(\"{member.Name}\", value);");
            code.Line($"reader.Enter(\"{member.Name}\");");
            code.Line($"List<{type}> list = [];");
            code.Open("foreach (JsonValue item in items)");
            code.Line("reader.EnterItem(list.Count);");
            code.Line(isObject
                ? $"list.Add({CSharpType.CodecOf(member.Type.Name)}.ReadMembers(reader, reader.Members(\"\", item)));"
                : $"list.Add({Value(member.Type.Name, "\"\"", "item")});");
            code.Line("reader.Leave();");
            code.Close();
            code.Line();
            code.Line("reader.Leave();");
            code.Line("return list;");
            code.Close();
            code.Line();
        }
    }

    /// <summary>The method that reads an object that is a member.</summary>
    internal static void ObjectMethod(CodeText code, string type)
    {
        code.Line("/// <summary>Reads the member of that name.</summary>");
        code.Line("/// <exception cref=\"QapiException\">It is not what the schema says.</exception>");
        code.Open($"public static {type} Read(ArgumentReader reader, string name, JsonValue value)");
        code.Line("JsonMembers members = reader.Members(name, value);");
        code.Line("reader.Enter(name);");
        code.Line($"{type} result = ReadMembers(reader, members);");
        code.Line("reader.Leave();");
        code.Line("return result;");
        code.Close();
        code.Line();
    }
}
