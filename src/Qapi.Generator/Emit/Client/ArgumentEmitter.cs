using Qapi.Model;

namespace Qapi.Generator.Emit.Client;

/// <summary>Emits the writers of what arguments hold.</summary>
internal sealed class ArgumentEmitter(CodeText code, TypeUses uses)
{
    /// <summary>Writes members in order; those that may be absent only when they are given.</summary>
    /// <param name="valueOf">The expression of a member's value.</param>
    /// <param name="given">The name of the local that holds the value of one that may be absent, from the member's own.</param>
    internal static void Members(CodeText code, IEnumerable<Member> members, Func<Member, string> valueOf, Func<string, string> given)
    {
        foreach (Member member in members)
        {
            string value = valueOf(member);
            if (member.IsOptional)
            {
                string local = given(CSharpType.LocalOf(member.Name));
                code.Open($"if ({value} is {{ }} {local})");
                MemberWriting.Name(code, member);
                Value(code, member, local);
                code.Close();
                code.Line();
            }
            else
            {
                MemberWriting.Name(code, member);
                Value(code, member, value);
            }
        }
    }

    /// <summary>Emits the writer of a type.</summary>
    internal void Emit(Definition type)
    {
        string name = CSharpName.Of(type.Name);
        code.Line($"/// <summary>Writes <see cref=\"{name}\"/> into a request.</summary>");
        code.Open($"internal static class {name}Argument");
        code.Open($"internal static void Write(JsonWriter writer, {name} value)");
        switch (type)
        {
            case StructType structure:
                code.Line("writer.BeginObject();");
                Members(code, uses.MembersOf(structure), member => $"value.{CSharpName.Of(member.Name)}", local => local);
                code.Line("writer.EndObject();");
                break;
            case EnumType:
                code.Line($"writer.String({CSharpType.CodecOf(type.Name)}.WireName(value));");
                break;
            case AlternateType alternate:
                Branches(alternate.Branches, name, branch => Value(code, branch.Type, "branch.Content"));
                break;
            case UnionType union:
                code.Line("writer.BeginObject();");
                Members(code, union.Members, member => $"value.{CSharpName.Of(member.Name)}", local => local);
                Branches(union.Branches, name, branch => Members(
                    code, uses.MembersOf(branch.Type.Name), member => $"branch.Content.{CSharpName.Of(member.Name)}",
                    local => $"{CSharpType.LocalOf(branch.Name)}{char.ToUpperInvariant(local[0])}{local.Substring(1)}"));
                code.Line("writer.EndObject();");
                break;
        }

        code.Close();
        code.Close();
        code.Line();
    }

    private static void Value(CodeText code, Member member, string value)
    {
        if (CSharpType.IsBase64(member))
        {
            code.Line($"writer.Base64({value}.Span);");
        }
        else
        {
            Value(code, member.Type, value);
        }
    }

    private static void Value(CodeText code, TypeReference type, string value)
    {
        string Write(string item) => CSharpType.RuntimeMethodOf(type.Name) is { } method
            ? $"writer.{method}({item});"
            : $"{CSharpName.Of(type.Name)}Argument.Write(writer, {item});";

        if (type.IsArray)
        {
            MemberWriting.List(code, value, Write);
        }
        else
        {
            code.Line(Write(value));
        }
    }

    private void Branches(IEnumerable<Member> branches, string name, Action<Member> write)
    {
        code.Open("switch (value)");
        foreach (Member branch in branches)
        {
            code.Line($"case {name}.{CSharpName.Of(branch.Name)} branch:");
            code.Indent();
            write(branch);
            code.Line("break;");
            code.Outdent();
        }

        code.Close();
        code.Line();
    }
}
