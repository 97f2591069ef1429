using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>
/// Emits the writer of a struct with base64. Its bytes are pulled while the reply leaves, so the writer is a chain: each
/// method writes up to a stream, and the next goes on behind it.
/// </summary>
internal sealed class StreamWriting(CodeText code, string type)
{
    /// <summary>Emits the chain; the documentation of its first method stands before it.</summary>
    internal void Emit(List<Member> members)
    {
        code.Open($"public static void Write(JsonWriter writer, {type} value)");
        code.Line("writer.BeginObject();");
        Rest(members);
    }

    /// <summary>Emits what a method writes, closes it, and emits those that follow.</summary>
    private void Rest(List<Member> members)
    {
        int streamed = members.FindIndex(CSharpType.IsBase64);
        if (streamed < 0)
        {
            MemberWriting.Members(code, members);
            code.Line("writer.EndObject();");
            code.Close();
            code.Line();
            return;
        }

        Member member = members[streamed];
        MemberWriting.Members(code, members.Take(streamed));
        string next = $"WriteAfter{CSharpName.Of(member.Name)}";
        string property = $"value.{CSharpName.Of(member.Name)}";
        string rest = $"static (writer, state) => {next}(writer, ({type})state)";
        if (member.IsOptional)
        {
            string local = CSharpType.LocalOf(member.Name);
            code.Open($"if ({property} is {{ }} {local})");
            MemberWriting.Name(code, member);
            code.Line($"writer.Stream({local}, value, {rest});");
            code.Line("return;");
            code.Close();
            code.Line();
            code.Line($"{next}(writer, value);");
        }
        else
        {
            MemberWriting.Name(code, member);
            code.Line($"writer.Stream({property}, value, {rest});");
        }

        code.Close();
        code.Line();
        code.Open($"private static void {next}(JsonWriter writer, {type} value)");
        Rest(members.GetRange(streamed + 1, members.Count - streamed - 1));
    }
}
