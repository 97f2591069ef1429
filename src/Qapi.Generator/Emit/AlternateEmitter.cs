using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Emits alternates: a closed family of records, one for each JSON type the value may have.</summary>
internal sealed class AlternateEmitter(CodeText code, TypeUses uses)
{
    /// <summary>Emits an alternate and its codec.</summary>
    internal void Emit(AlternateType type)
    {
        string name = CSharpName.Of(type.Name);
        DocText.Definition(code, type.Doc, type.Name);
        code.Open($"public abstract record {name}");
        code.Open($"private {name}()");
        code.Close();
        code.Line();
        foreach (Member branch in type.Branches)
        {
            DocText.Summary(code, branch.Doc, $"The branch <c>{branch.Name}</c>.");
            code.Line("/// <param name=\"Content\">The value.</param>");
            code.Line($"public sealed record {CSharpName.Of(branch.Name)}({CSharpType.Of(branch.Type)} Content) : {name};");
            code.Line();
        }

        code.Close();
        code.Line();

        code.Line($"/// <summary>The wire form of <see cref=\"{name}\"/>: the bare value of its branch.</summary>");
        code.Open($"public static class {name}Codec");
        if (uses.IsWritten(type.Name))
        {
            Writer(type, name);
        }

        if (uses.IsRead(type.Name))
        {
            Reader(type, name);
        }

        code.Close();
        code.Line();
    }

    private void Writer(AlternateType type, string name)
    {
        code.Line("/// <summary>Writes the value.</summary>");
        code.Open($"public static void Write(JsonWriter writer, {name} value)");
        code.Open("switch (value)");
        foreach (Member branch in type.Branches)
        {
            code.Line($"case {name}.{CSharpName.Of(branch.Name)} branch:");
            code.Indent();
            MemberWriting.Value(code, branch.Type, "branch.Content");
            code.Line("break;");
            code.Outdent();
        }

        code.Close();
        code.Close();
        code.Line();
        if (uses.IsWrittenInLists(type.Name))
        {
            MemberWriting.ListMethod(code, type.Name);
        }
    }

    private void Reader(AlternateType type, string name)
    {
        code.Line("/// <summary>Reads the member of that name; its JSON type selects the branch.</summary>");
        code.Line("/// <exception cref=\"QapiException\">It has a JSON type of no branch, or is not what that branch takes.</exception>");
        code.Open($"public static {name} Read(ArgumentReader reader, string name, JsonValue value)");
        code.Line("reader.RequirePresent(name, value);");
        code.Open("return value.Kind switch");
        foreach (Member branch in type.Branches)
        {
            string read = MemberReading.Value(branch.Type.Name, "name", "value");
            code.Line($"{uses.KindsOf(branch.Type)} => new {name}.{CSharpName.Of(branch.Name)}({read}),");
        }

        code.Line($"_ => throw reader.WrongType(name, \"{type.Name}\"),");
        code.Close(";");
        code.Close();
        code.Line();
    }
}
