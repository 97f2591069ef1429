using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Emits structs: a sealed record, and the codec for the ways it travels.</summary>
internal sealed class StructEmitter(CodeText code, TypeUses uses)
{
    /// <summary>Emits a struct and its codec.</summary>
    internal void Emit(StructType type)
    {
        string name = CSharpName.Of(type.Name);
        List<Member> members = uses.MembersOf(type);

        DocText.Definition(code, type.Doc, type.Name);
        code.Open($"public sealed record {name}");
        if (CSharpType.Has(type, CSharpType.StreamedFeature))
        {
            MemberProperties.EmitStreamed(code, members);
        }
        else
        {
            MemberProperties.Emit(code, members, isWritten: !uses.IsRead(type.Name));
        }

        code.Close();
        code.Line();

        if (!uses.IsWritten(type.Name) && !uses.IsRead(type.Name))
        {
            return;
        }

        code.Line($"/// <summary>The wire form of <see cref=\"{name}\"/>.</summary>");
        code.Open($"public static class {name}Codec");
        if (uses.IsWritten(type.Name))
        {
            Writers(type.Name, name, members);
        }

        if (uses.IsRead(type.Name))
        {
            Readers(type.Name, name, members);
        }

        code.Close();
        code.Line();
    }

    private void Writers(string type, string name, List<Member> members)
    {
        code.Line("/// <summary>Writes it as an object.</summary>");
        if (members.Exists(CSharpType.IsBase64))
        {
            new StreamWriting(code, name).Emit(members);
            return;
        }

        code.Open($"public static void Write(JsonWriter writer, {name} value)");
        code.Line("writer.BeginObject();");
        if (uses.IsBranch(type))
        {
            code.Line("WriteMembers(writer, value);");
        }
        else
        {
            MemberWriting.Members(code, members);
        }

        code.Line("writer.EndObject();");
        code.Close();
        code.Line();

        if (uses.IsBranch(type))
        {
            code.Line("/// <summary>Writes its members into an object that is open: the union's, whose branch it is.</summary>");
            code.Open($"internal static void WriteMembers(JsonWriter writer, {name} value)");
            MemberWriting.Members(code, members);
            code.Close();
            code.Line();
        }

        if (uses.IsWrittenInLists(type))
        {
            MemberWriting.ListMethod(code, type);
        }
    }

    private void Readers(string type, string name, List<Member> members)
    {
        if (uses.IsArguments(type))
        {
            ArgumentsEmitter.ReadMethod(code, name, members);
        }

        MemberReading.ObjectMethod(code, name);

        code.Line("/// <summary>Reads its members; the reader stands on it.</summary>");
        code.Open($"internal static {name} ReadMembers(ArgumentReader reader, JsonMembers members)");
        MemberReading.Scan(code, "members", members);
        code.Open($"{name} result = new()");
        MemberReading.Initializers(code, members);
        code.Close(";");
        MemberReading.Refuse(code);
        code.Line("return result;");
        code.Close();
        code.Line();
        MemberReading.ListMethods(code, members, uses, isShared: uses.IsBranch(type));
    }
}
