using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Emits what <c>Guestwire.Agent</c> needs: one interface for each schema module, the command table, the dispatcher.</summary>
internal static class AgentEmitter
{
    internal const string Namespace = "Guestwire.Agent.Commands";

    /// <summary>Emits the files.</summary>
    internal static IEnumerable<GeneratedFile> Emit(Schema schema)
    {
        List<Command> commands = [.. schema.Commands];
        foreach (IGrouping<string, Command> module in commands.GroupBy(command => command.Module))
        {
            yield return new GeneratedFile($"{InterfaceOf(module.Key)}.g.cs", InterfaceEmitter.Emit(module));
        }

        yield return new GeneratedFile("CommandTable.g.cs", CommandTableEmitter.Emit(commands));
        yield return new GeneratedFile("CommandDispatcher.g.cs", DispatcherEmitter.Emit(commands));
    }

    /// <summary>The interface of a module's commands.</summary>
    internal static string InterfaceOf(string module) => $"I{CSharpName.Of(module)}Commands";

    /// <summary>The struct that holds a command's arguments, or null when it takes none.</summary>
    internal static string? ArgumentsOf(Command command) =>
        command.ArgumentsType is { } type ? CSharpName.Of(type)
        : command.Arguments.Count > 0 ? CSharpName.OfArguments(command.Name)
        : null;
}
