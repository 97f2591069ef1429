using Qapi.Model;

namespace Qapi.Generator.Emit.Client;

/// <summary>Emits a method for each command, with the schema's manual as its documentation.</summary>
internal static class ClientMethodEmitter
{
    /// <summary>Emits the methods of a module.</summary>
    internal static string Emit(string module, List<Command> commands, TypeUses uses)
    {
        CodeText code = CodeText.StartFile(ClientEmitter.Namespace, ["Guestwire.Protocol", "Guestwire.Protocol.Json"], $"schema/{module}.json");
        code.Line($"/// <content>The commands of <c>schema/{module}.json</c>, one method each.</content>");
        code.Open("public sealed partial class GuestClient");
        foreach (Command command in commands)
        {
            Method(code, command, MembersOf(command, uses));
        }

        code.Close();
        return code.ToString();
    }

    /// <summary>What a command takes: those that must be there before those that may be absent, as C# wants its parameters.</summary>
    private static List<Member> MembersOf(Command command, TypeUses uses)
    {
        List<Member> members = command.ArgumentsType is { } type ? uses.MembersOf(type) : [.. command.Arguments];
        return [.. members.Where(member => !member.IsOptional), .. members.Where(member => member.IsOptional)];
    }

    private static void Method(CodeText code, Command command, List<Member> members)
    {
        DocText.Definition(code, command.Doc, command.Name);
        foreach (Member member in members)
        {
            DocText.Parameter(code, CSharpType.LocalOf(member.Name), member.Doc, $"The argument <c>{member.Name}</c>.");
        }

        code.Line("/// <param name=\"cancellation\">Ends the wait for the reply; the guest may carry the command out all the same.</param>");
        if (command.Returns is not null)
        {
            DocText.Returns(code, command.Doc.Returns);
        }

        DocText.Errors(code, command.Doc.Errors);
        code.Line("/// <exception cref=\"IOException\">The agent cannot be reached, or its reply is not what the schema says.</exception>");
        code.Line("/// <exception cref=\"TimeoutException\">The agent did not answer in time.</exception>");

        string returns = command.Returns is { } type ? $"Task<{CSharpType.Of(type)}>" : "Task";
        Signature(code, $"public {returns} {CSharpName.Of(command.Name)}Async(", [.. members.Select(ParameterOf), "CancellationToken cancellation = default"]);
        code.Indent();
        string reading = command.Returns is { } result ? $", static (reader, value) => {ReplyEmitter.Value(result, "\"return\"", "value")}" : "";
        string call = !command.SuccessResponse ? "CallSilentAsync" : "CallAsync";
        if (members.Count == 0)
        {
            code.Line($"{call}(\"{command.Name}\", null{reading}, cancellation);");
        }
        else
        {
            code.Open($"{call}(\"{command.Name}\", writer =>");
            ArgumentEmitter.Members(code, members, member => CSharpType.LocalOf(member.Name), local => local + "Given");
            code.Close($"{reading}, cancellation);");
        }

        code.Outdent();
        code.Line();
    }

    /// <summary>The parameters on one line where they fit, else each on its own.</summary>
    private static void Signature(CodeText code, string start, List<string> parameters)
    {
        string line = $"{start}{string.Join(", ", parameters)}) =>";
        if (code.Indentation + line.Length <= CodeText.Width)
        {
            code.Line(line);
            return;
        }

        code.Line(start);
        code.Indent();
        for (int i = 0; i < parameters.Count; i++)
        {
            code.Line(parameters[i] + (i < parameters.Count - 1 ? "," : ") =>"));
        }

        code.Outdent();
    }

    private static string ParameterOf(Member member)
    {
        string type = CSharpType.IsBase64(member) ? "ReadOnlyMemory<byte>" : CSharpType.Of(member.Type);
        string optional = member.IsOptional ? "?" : "";
        string initial = member.IsOptional ? " = null" : "";
        return $"{type}{optional} {CSharpType.LocalOf(member.Name)}{initial}";
    }
}
