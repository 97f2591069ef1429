using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Emits members as properties.</summary>
internal static class MemberProperties
{
    /// <summary>Properties that are set once.</summary>
    internal static void Emit(CodeText code, IEnumerable<Member> members, bool isWritten)
    {
        foreach (Member member in members)
        {
            DocText.Summary(code, member.Doc, $"The member <c>{member.Name}</c>.");
            string required = member.IsOptional ? "" : "required ";
            code.Line($"public {required}{CSharpType.OfMember(member, isWritten)} {CSharpName.Of(member.Name)} {{ get; init; }}");
            code.Line();
        }
    }

    /// <summary>
    /// The properties of a streamed struct: up to the base64, set once; behind it, set when the stream is through, since
    /// nobody knows them before.
    /// </summary>
    internal static void EmitStreamed(CodeText code, List<Member> members)
    {
        int streamed = members.FindLastIndex(CSharpType.IsBase64);
        Emit(code, members.Take(streamed + 1), isWritten: true);
        foreach (Member member in members.Skip(streamed + 1))
        {
            DocText.Summary(code, member.Doc, $"The member <c>{member.Name}</c>.");
            string initial = member switch
            {
                { IsOptional: true } => "",
                { Type.IsArray: true } => " = [];",
                { Type.Name: "str" } => " = \"\";",
                _ => "",
            };
            code.Line($"public {CSharpType.OfMember(member, isWritten: true)} {CSharpName.Of(member.Name)} {{ get; set; }}{initial}");
            code.Line();
        }
    }
}
