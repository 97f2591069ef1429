using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Emits the way from a command's id and arguments to its method, and from the method's result to the reply.</summary>
internal static class DispatcherEmitter
{
    /// <summary>Emits the file.</summary>
    internal static string Emit(List<Command> commands)
    {
        CodeText code = CodeText.StartFile(
            AgentEmitter.Namespace, ["Guestwire.Protocol", "Guestwire.Protocol.Json"], "schema/guest-agent.json");
        string[] modules = [.. commands.Select(command => command.Module).Distinct()];
        Groups(code, modules);
        code.Line("/// <summary>Runs commands: decodes the arguments, calls the method, writes what it returns.</summary>");
        code.Line("/// <param name=\"commands\">Who does the work.</param>");
        code.Open("internal sealed class CommandDispatcher(CommandGroups commands)");
        Run(code, commands);
        Refuse(code);
        code.Close();
        return code.ToString();
    }

    private static void Groups(CodeText code, string[] modules)
    {
        code.Line("/// <summary>Who does the work of each group of commands.</summary>");
        code.Open("internal sealed record CommandGroups");
        foreach (string module in modules)
        {
            code.Line($"/// <summary>The commands of <c>schema/{module}.json</c>.</summary>");
            code.Line($"public required {AgentEmitter.InterfaceOf(module)} {CSharpName.Of(module)} {{ get; init; }}");
            code.Line();
        }

        code.Close();
        code.Line();
    }

    private static void Run(CodeText code, List<Command> commands)
    {
        DocText.Element(code, "summary", "",
            "Runs a command and writes the value of <c>return</c>; nothing when its success is silent. Nothing is called before "
            + "all arguments are valid, and nothing is written before the call has returned.");
        code.Line("/// <exception cref=\"QapiException\">The arguments are not what the schema says, or the command failed.</exception>");
        code.Open("public void Run(CommandId id, JsonValue arguments, ArgumentReader reader, JsonWriter writer)");
        code.Line("reader.Reset();");
        code.Open("switch (id)");
        foreach (Command command in commands)
        {
            code.Line($"case CommandId.{CSharpName.Of(command.Name)}:");
            code.Indent();
            Case(code, command);
            code.Line("break;");
            code.Outdent();
            code.Line();
        }

        code.Line("default:");
        code.Indent();
        code.Line("throw new ArgumentOutOfRangeException(nameof(id));");
        code.Outdent();
        code.Close();
        code.Close();
        code.Line();
    }

    private static void Case(CodeText code, Command command)
    {
        string argument = "";
        if (AgentEmitter.ArgumentsOf(command) is { } type)
        {
            argument = $"{type}Codec.Read(reader, arguments)";
        }
        else
        {
            code.Line("RequireNone(reader, arguments);");
        }

        string call = $"commands.{CSharpName.Of(command.Module)}.{CSharpName.Of(command.Name)}({argument})";
        switch (command.Returns)
        {
            case null:
                code.Line(call + ";");
                if (command.SuccessResponse)
                {
                    code.Line("WriteNothing(writer);");
                }

                break;
            case { IsArray: true } list when CSharpType.RuntimeMethodOf(list.Name) is not null:
                string local = $"{CSharpType.LocalOf(command.Name)}Items";
                code.Line($"{CSharpType.Of(list)} {local} = {call};");
                MemberWriting.Value(code, list, local);
                break;
            case { } returns:
                MemberWriting.Value(code, returns, call);
                break;
        }
    }

    private static void Refuse(CodeText code)
    {
        code.Open("private static void RequireNone(ArgumentReader reader, JsonValue arguments)");
        code.Open("if (arguments.IsAbsent)");
        code.Line("return;");
        code.Close();
        code.Line();
        code.Line("JsonMembers.Enumerator members = arguments.Members.GetEnumerator();");
        code.Open("if (members.MoveNext())");
        code.Line("throw reader.Unexpected(members.Current.Name);");
        code.Close();
        code.Close();
        code.Line();
        code.Open("private static void WriteNothing(JsonWriter writer)");
        code.Line("writer.BeginObject();");
        code.Line("writer.EndObject();");
        code.Close();
    }
}
