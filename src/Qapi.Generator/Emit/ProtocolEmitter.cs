using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Emits what <c>Guestwire.Protocol</c> needs: types, arguments and codecs, one file for each schema module.</summary>
internal static class ProtocolEmitter
{
    /// <summary>Emits the files.</summary>
    internal static IEnumerable<GeneratedFile> Emit(Schema schema)
    {
        TypeUses uses = new(schema);
        foreach (IGrouping<string, Definition> module in schema.Definitions.GroupBy(definition => definition.Module))
        {
            if (module.Any(definition => definition is not Command || HasOwnArguments(definition)))
            {
                yield return new GeneratedFile(CSharpName.Of(module.Key) + ".g.cs", Module(module, uses));
            }
        }
    }

    private static bool HasOwnArguments(Definition definition) =>
        definition is Command { ArgumentsType: null, Arguments.Count: > 0 };

    private static string Module(IGrouping<string, Definition> module, TypeUses uses)
    {
        CodeText code = CodeText.StartFile("Guestwire.Protocol", ["Guestwire.Protocol.Json"], $"schema/{module.Key}.json");
        foreach (Definition definition in module)
        {
            switch (definition)
            {
                case StructType type:
                    new StructEmitter(code, uses).Emit(type);
                    break;
                case EnumType type:
                    new EnumEmitter(code, uses).Emit(type);
                    break;
                case AlternateType type:
                    new AlternateEmitter(code, uses).Emit(type);
                    break;
                case UnionType type:
                    new UnionEmitter(code, uses).Emit(type);
                    break;
                case Command command when HasOwnArguments(command):
                    new ArgumentsEmitter(code, uses).Emit(command);
                    break;
            }
        }

        return code.ToString();
    }
}
