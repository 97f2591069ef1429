using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Emits statements that write members and values, in methods that have a <c>writer</c> and a <c>value</c>.</summary>
internal static class MemberWriting
{
    /// <summary>Writes members in order; those that may be absent only when they are there.</summary>
    /// <param name="owner">The expression that holds the members.</param>
    internal static void Members(CodeText code, IEnumerable<Member> members, string owner = "value")
    {
        foreach (Member member in members)
        {
            string property = $"{owner}.{CSharpName.Of(member.Name)}";
            if (member.IsOptional)
            {
                string local = CSharpType.LocalOf(member.Name);
                code.Open($"if ({property} is {{ }} {local})");
                Name(code, member);
                Value(code, member.Type, local);
                code.Close();
                code.Line();
            }
            else
            {
                Name(code, member);
                Value(code, member.Type, property);
            }
        }
    }

    /// <summary>Writes a member's name.</summary>
    internal static void Name(CodeText code, Member member) => code.Line($"writer.Name(\"{member.Name}\"u8);");

    /// <summary>Writes one value, which is a list when the type says so.</summary>
    internal static void Value(CodeText code, TypeReference type, string value)
    {
        if (CSharpType.RuntimeMethodOf(type.Name) is not { } method)
        {
            code.Line($"{CSharpType.CodecOf(type.Name)}.Write{(type.IsArray ? "List" : "")}(writer, {value});");
        }
        else if (type.IsArray)
        {
            List(code, value, item => $"writer.{method}({item});");
        }
        else
        {
            code.Line($"writer.{method}({value});");
        }
    }

    /// <summary>Writes a list; by index, since an enumerator would be an allocation.</summary>
    internal static void List(CodeText code, string list, Func<string, string> writeItem)
    {
        code.Line("writer.BeginArray();");
        code.Open($"for (int i = 0; i < {list}.Count; i++)");
        code.Line(writeItem($"{list}[i]"));
        code.Close();
        code.Line();
        code.Line("writer.EndArray();");
    }

    /// <summary>The method that writes a list of a type.</summary>
    internal static void ListMethod(CodeText code, string type)
    {
        code.Line("/// <summary>Writes a list of them.</summary>");
        code.Open($"public static void WriteList(JsonWriter writer, IReadOnlyList<{CSharpType.Of(type)}> value)");
        List(code, "value", item => $"Write(writer, {item});");
        code.Close();
        code.Line();
    }
}
