using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Emits the arguments of a command: a record struct, so that a request allocates nothing for it, and its codec.</summary>
internal sealed class ArgumentsEmitter(CodeText code, TypeUses uses)
{
    /// <summary>Emits the arguments of a command that has some of its own.</summary>
    internal void Emit(Command command)
    {
        string name = CSharpName.OfArguments(command.Name);
        List<Member> members = [.. command.Arguments];

        code.Line($"/// <summary>The arguments of <c>{command.Name}</c>.</summary>");
        code.Open($"public readonly record struct {name}");
        MemberProperties.Emit(code, members, isWritten: false);
        code.Close();
        code.Line();

        code.Line($"/// <summary>The wire form of <see cref=\"{name}\"/>.</summary>");
        code.Open($"public static class {name}Codec");
        ReadMethod(code, name, members);
        MemberReading.ListMethods(code, members, uses, isShared: false);
        code.Close();
        code.Line();
    }

    /// <summary>The method that reads the arguments of a request.</summary>
    internal static void ReadMethod(CodeText code, string type, List<Member> members)
    {
        code.Line("/// <summary>Reads the arguments of a request; absent ones are an empty object.</summary>");
        code.Line("/// <exception cref=\"QapiException\">They are not what the schema says.</exception>");
        code.Open($"public static {type} Read(ArgumentReader reader, JsonValue arguments)");
        MemberReading.Scan(code, "arguments.Members", members, present: "!arguments.IsAbsent");
        code.Open($"{type} result = new()");
        MemberReading.Initializers(code, members);
        code.Close(";");
        MemberReading.Refuse(code);
        code.Line("return result;");
        code.Close();
        code.Line();
    }
}
