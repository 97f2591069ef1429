using Qapi.Model;

namespace Qapi.Generator.Emit.Client;

/// <summary>
/// Emits what <c>Guestwire.Client</c> needs: a method for each command, and the way of its types opposite to the agent's: arguments are
/// written, replies are read. The types themselves are those of <c>Guestwire.Protocol</c>.
/// </summary>
internal static class ClientEmitter
{
    internal const string Namespace = "Guestwire.Client";

    /// <summary>Emits the files.</summary>
    internal static IEnumerable<GeneratedFile> Emit(Schema schema)
    {
        TypeUses uses = new(schema);
        foreach (IGrouping<string, Definition> module in schema.Definitions.GroupBy(definition => definition.Module))
        {
            List<Command> commands = [.. module.OfType<Command>()];
            if (commands.Count > 0)
            {
                yield return new GeneratedFile($"GuestClient.{CSharpName.Of(module.Key)}.g.cs", ClientMethodEmitter.Emit(module.Key, commands, uses));
            }

            List<Definition> types = [.. module.Where(definition => uses.IsRead(definition.Name) || uses.IsWritten(definition.Name))];
            if (types.Count > 0)
            {
                yield return new GeneratedFile($"{CSharpName.Of(module.Key)}Types.g.cs", Types(module.Key, types, uses));
            }
        }
    }

    private static string Types(string module, List<Definition> types, TypeUses uses)
    {
        CodeText code = CodeText.StartFile(Namespace, ["Guestwire.Protocol", "Guestwire.Protocol.Json"], $"schema/{module}.json");
        foreach (Definition type in types)
        {
            if (uses.IsWritten(type.Name))
            {
                new ReplyEmitter(code, uses).Emit(type);
            }

            if (uses.IsRead(type.Name))
            {
                new ArgumentEmitter(code, uses).Emit(type);
            }
        }

        return code.ToString();
    }
}
