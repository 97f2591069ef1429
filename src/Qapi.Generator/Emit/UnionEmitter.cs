using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>
/// Emits flat unions: a closed family of records. On the wire a union is one object, the common members first, then those of
/// the branch.
/// </summary>
internal sealed class UnionEmitter(CodeText code, TypeUses uses)
{
    /// <summary>The record for values of the discriminator that have no branch.</summary>
    internal const string Branchless = "Other";

    private const string NeitherCommonNorSeen = MemberReading.NotYet + " && !IsCommon(member.Name)";

    /// <summary>Whether some value of the discriminator has no branch.</summary>
    internal static bool HasBranchless(UnionType type, TypeUses uses)
    {
        Member discriminator = type.Members.First(member => member.Name == type.Discriminator);
        return ((EnumType)uses.Find(discriminator.Type.Name)!).Values.Count > type.Branches.Count;
    }

    /// <summary>Emits a union and its codec.</summary>
    internal void Emit(UnionType type)
    {
        string name = CSharpName.Of(type.Name);
        Member discriminator = type.Members.First(member => member.Name == type.Discriminator);
        Records(type, name, discriminator);

        code.Line($"/// <summary>The wire form of <see cref=\"{name}\"/>.</summary>");
        code.Open($"public static class {name}Codec");
        if (uses.IsWritten(type.Name))
        {
            Writer(type, name);
        }

        if (uses.IsRead(type.Name))
        {
            MemberReading.ObjectMethod(code, name);
            ReadMembers(type, name, discriminator);
            MemberReading.ListMethods(code, type.Members, uses, isShared: false);
            foreach (Member branch in type.Branches)
            {
                ReadBranch(branch);
            }

            if (HasBranchless(type, uses))
            {
                RefuseOthers();
            }

            IsCommon(type);
        }

        code.Close();
        code.Line();
    }

    private void Records(UnionType type, string name, Member discriminator)
    {
        string enumName = CSharpName.Of(discriminator.Type.Name);
        string property = CSharpName.Of(discriminator.Name);

        DocText.Definition(code, type.Doc, type.Name);
        code.Open($"public abstract record {name}");
        code.Open($"private {name}()");
        code.Close();
        code.Line();
        DocText.Summary(code, discriminator.Doc, $"The member <c>{discriminator.Name}</c>.");
        code.Line($"public abstract {enumName} {property} {{ get; }}");
        code.Line();
        MemberProperties.Emit(code, type.Members.Where(member => member != discriminator), isWritten: !uses.IsRead(type.Name));
        foreach (Member branch in type.Branches)
        {
            DocText.Summary(code, branch.Doc, $"What follows when <c>{discriminator.Name}</c> is <c>{branch.Name}</c>.");
            code.Line("/// <param name=\"Content\">The members of this branch.</param>");
            code.Open($"public sealed record {CSharpName.Of(branch.Name)}({CSharpType.Of(branch.Type)} Content) : {name}");
            code.Line("/// <inheritdoc/>");
            code.Line($"public override {enumName} {property} => {enumName}.{CSharpName.Of(branch.Name)};");
            code.Close();
            code.Line();
        }

        if (HasBranchless(type, uses))
        {
            code.Line("/// <summary>Any other value; it adds no members.</summary>");
            code.Line($"/// <param name=\"{property}\">A value that has no record of its own.</param>");
            code.Open($"public sealed record {Branchless}({enumName} {property}) : {name}");
            code.Line("/// <inheritdoc/>");
            code.Line($"public override {enumName} {property} {{ get; }} = {property};");
            code.Close();
            code.Line();
        }

        code.Close();
        code.Line();
    }

    private void Writer(UnionType type, string name)
    {
        code.Line("/// <summary>Writes it as an object.</summary>");
        code.Open($"public static void Write(JsonWriter writer, {name} value)");
        code.Line("writer.BeginObject();");
        MemberWriting.Members(code, type.Members);
        code.Open("switch (value)");
        foreach (Member branch in type.Branches)
        {
            code.Line($"case {name}.{CSharpName.Of(branch.Name)} branch:");
            code.Indent();
            code.Line($"{CSharpType.CodecOf(branch.Type.Name)}.WriteMembers(writer, branch.Content);");
            code.Line("break;");
            code.Outdent();
        }

        code.Close();
        code.Line();
        code.Line("writer.EndObject();");
        code.Close();
        code.Line();
        if (uses.IsWrittenInLists(type.Name))
        {
            MemberWriting.ListMethod(code, type.Name);
        }
    }

    private void ReadMembers(UnionType type, string name, Member discriminator)
    {
        string enumName = CSharpName.Of(discriminator.Type.Name);
        code.Line("/// <summary>Reads its members; the reader stands on it.</summary>");
        code.Open($"internal static {name} ReadMembers(ArgumentReader reader, JsonMembers members)");
        MemberReading.Scan(code, "members", [.. type.Members], unknown: null);
        foreach (Member member in type.Members)
        {
            code.Line($"{CSharpType.OfMember(member, isWritten: false)} {ValueOf(member)} = {MemberReading.Member(member)};");
        }

        code.Open($"switch ({ValueOf(discriminator)})");
        foreach (Member branch in type.Branches)
        {
            string record = CSharpName.Of(branch.Name);
            code.Line($"case {enumName}.{record}:");
            code.Indent();
            Return(type, discriminator, $"new {name}.{record}(Read{record}Branch(reader, members))");
            code.Outdent();
        }

        if (HasBranchless(type, uses))
        {
            code.Line("default:");
            code.Indent();
            code.Line("RefuseOthers(reader, members);");
            Return(type, discriminator, $"new {name}.{Branchless}({ValueOf(discriminator)})");
            code.Outdent();
        }
        else
        {
            code.Line("default:");
            code.Indent();
            code.Line("throw new InvalidOperationException(\"every value has a branch\");");
            code.Outdent();
        }

        code.Close();
        code.Close();
        code.Line();
    }

    private void Return(UnionType type, Member discriminator, string creation)
    {
        List<Member> common = [.. type.Members.Where(member => member != discriminator)];
        if (common.Count == 0)
        {
            code.Line($"return {creation};");
            return;
        }

        code.Open($"return {creation}");
        foreach (Member member in common)
        {
            code.Line($"{CSharpName.Of(member.Name)} = {ValueOf(member)},");
        }

        code.Close(";");
    }

    private void ReadBranch(Member branch)
    {
        string content = CSharpName.Of(branch.Type.Name);
        List<Member> members = uses.MembersOf(branch.Type.Name);
        code.Open($"private static {content} Read{CSharpName.Of(branch.Name)}Branch(ArgumentReader reader, JsonMembers members)");
        MemberReading.Scan(code, "members", members, NeitherCommonNorSeen);
        code.Open($"{content} result = new()");
        foreach (Member member in members)
        {
            string read = MemberReading.Member(member, CSharpType.CodecOf(branch.Type.Name) + ".");
            code.Line($"{CSharpName.Of(member.Name)} = {read},");
        }

        code.Close(";");
        MemberReading.Refuse(code);
        code.Line("return result;");
        code.Close();
        code.Line();
    }

    private void RefuseOthers()
    {
        code.Open("private static void RefuseOthers(ArgumentReader reader, JsonMembers members)");
        MemberReading.Scan(code, "members", [], NeitherCommonNorSeen);
        MemberReading.Refuse(code);
        code.Close();
        code.Line();
    }

    private void IsCommon(UnionType type)
    {
        code.Line("private static bool IsCommon(JsonValue name) =>");
        code.Indent();
        code.Line(string.Join(" || ", type.Members.Select(member => $"name.TextEquals(\"{member.Name}\"u8)")) + ";");
        code.Outdent();
        code.Line();
    }

    private static string ValueOf(Member member) => CSharpType.LocalOf(member.Name) + "Value";
}
