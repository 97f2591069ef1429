using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Emits what is known of each command before it runs, and the way from its name to it.</summary>
internal static class CommandTableEmitter
{
    /// <summary>Emits the file.</summary>
    internal static string Emit(List<Command> commands)
    {
        CodeText code = CodeText.StartFile(AgentEmitter.Namespace, ["System.Diagnostics.CodeAnalysis"], "schema/guest-agent.json");
        Ids(code, commands);
        PlatformFlags(code);
        Info(code);
        Table(code, commands);
        return code.ToString();
    }

    private static void Ids(CodeText code, List<Command> commands)
    {
        code.Line("/// <summary>The commands, in the schema's order.</summary>");
        code.Open("internal enum CommandId");
        foreach (Command command in commands)
        {
            code.Line($"/// <summary><c>{command.Name}</c>.</summary>");
            code.Line($"{CSharpName.Of(command.Name)},");
            code.Line();
        }

        code.Close();
        code.Line();
    }

    private static void PlatformFlags(CodeText code)
    {
        code.Line("/// <summary>Platforms on which a command exists.</summary>");
        code.Line("[Flags]");
        code.Open("internal enum CommandPlatforms");
        code.Line("/// <summary>None.</summary>");
        code.Line("None = 0,");
        code.Line();
        for (int i = 0; i < Platforms.All.Length; i++)
        {
            code.Line($"/// <summary>{Platforms.All[i].Name}.</summary>");
            code.Line($"{Platforms.All[i].Name} = {1 << i},");
            code.Line();
        }

        code.Close();
        code.Line();
    }

    private static void Info(CodeText code)
    {
        code.Line("/// <summary>What the schema says of a command.</summary>");
        code.Line("/// <param name=\"Id\">Which it is.</param>");
        code.Line("/// <param name=\"Name\">Its name on the wire.</param>");
        code.Line("/// <param name=\"SuccessResponse\">False when success is answered by silence.</param>");
        code.Line("/// <param name=\"MayBlock\">Whether it may take long, and so runs beside the loop.</param>");
        code.Line("/// <param name=\"AllowedWhileFrozen\">Whether it works while filesystems are frozen.</param>");
        code.Line("/// <param name=\"ReadOnly\">Whether it changes nothing in the guest.</param>");
        code.Line("/// <param name=\"HiddenArguments\">Arguments that no log shows: bytes, secrets, what is private.</param>");
        code.Line("/// <param name=\"Platforms\">Where it exists.</param>");
        code.Line("internal sealed record CommandInfo(");
        code.Indent();
        code.Line("CommandId Id,");
        code.Line("string Name,");
        code.Line("bool SuccessResponse,");
        code.Line("bool MayBlock,");
        code.Line("bool AllowedWhileFrozen,");
        code.Line("bool ReadOnly,");
        code.Line("IReadOnlyList<string> HiddenArguments,");
        code.Line("CommandPlatforms Platforms);");
        code.Outdent();
        code.Line();
    }

    private static void Table(CodeText code, List<Command> commands)
    {
        code.Line("/// <summary>Every command, by name and by id.</summary>");
        code.Open("internal static class CommandTable");
        code.Line("private static readonly CommandInfo[] Commands =");
        code.Line("[");
        code.Indent();
        foreach (Command command in commands)
        {
            Entry(code, command);
        }

        code.Outdent();
        code.Line("];");
        code.Line();
        code.Line("/// <summary>All of them, in the schema's order.</summary>");
        code.Line("internal static ReadOnlySpan<CommandInfo> All => Commands;");
        code.Line();
        code.Line("/// <summary>What is known of a command.</summary>");
        code.Line("internal static CommandInfo Get(CommandId id) => Commands[(int)id];");
        code.Line();
        Find(code, commands);
        code.Close();
    }

    private static void Entry(CodeText code, Command command)
    {
        string[] platforms = [.. Platforms.Of(command.If).Select(name => "CommandPlatforms." + name)];
        code.Line("new(");
        code.Indent();
        code.Line($"CommandId.{CSharpName.Of(command.Name)},");
        code.Line($"\"{command.Name}\",");
        code.Line($"SuccessResponse: {Literal(command.SuccessResponse)},");
        code.Line($"MayBlock: {Literal(CSharpType.Has(command, "may-block"))},");
        code.Line($"AllowedWhileFrozen: {Literal(CSharpType.Has(command, "allowed-while-frozen"))},");
        code.Line($"ReadOnly: {Literal(CSharpType.Has(command, "read-only"))},");
        string[] hidden = [.. command.Arguments.Where(IsHidden).Select(member => $"\"{member.Name}\"")];
        code.Line($"[{string.Join(", ", hidden)}],");
        code.Line($"{(platforms.Length == 0 ? "CommandPlatforms.None" : string.Join(" | ", platforms))}),");
        code.Outdent();
    }

    private static void Find(CodeText code, List<Command> commands)
    {
        code.Line("/// <summary>Finds a command by its name on the wire; allocates nothing.</summary>");
        code.Open("internal static bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out CommandInfo? command)");
        code.Line("int index = IndexOf(name);");
        code.Line("command = index < 0 ? null : Commands[index];");
        code.Line("return command is not null;");
        code.Close();
        code.Line();
        code.Open("private static int IndexOf(ReadOnlySpan<byte> name)");
        code.Open("switch (name.Length)");
        foreach (IGrouping<int, Command> length in commands.GroupBy(command => command.Name.Length).OrderBy(group => group.Key))
        {
            code.Line($"case {length.Key}:");
            code.Indent();
            foreach (Command command in length)
            {
                code.Open($"if (name.SequenceEqual(\"{command.Name}\"u8))");
                code.Line($"return (int)CommandId.{CSharpName.Of(command.Name)};");
                code.Close();
                code.Line();
            }

            code.Line("break;");
            code.Outdent();
        }

        code.Close();
        code.Line();
        code.Line("return -1;");
        code.Close();
    }

    private static bool IsHidden(Member member) =>
        member.Features.Any(feature => feature.Name is "base64" or "secret" or "private");

    private static string Literal(bool value) => value ? "true" : "false";
}
