using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>The branches of an alternate are told apart by what they are in JSON.</summary>
internal static class AlternateCheck
{
    internal static void Run(CheckContext context)
    {
        foreach (Declaration declaration in context.Declarations.Where(one => one.Definition is AlternateType))
        {
            if (declaration.Node.Find("data") is ObjectNode { Properties.Count: 0 })
            {
                context.Diagnostics.Report(DiagnosticRules.AlternateBranches, declaration.PositionOf("data"),
                    $"{declaration.Definition.Name} has no branch, so no value fits it; give it one");
            }

            Dictionary<JsonKind, string> taken = [];
            foreach (DeclaredMember branch in declaration.Branches)
            {
                Check(context, branch, taken);
            }
        }
    }

    private static void Check(CheckContext context, DeclaredMember branch, Dictionary<JsonKind, string> taken)
    {
        string name = branch.Member.Name;
        switch (KindOf(context, branch.Member.Type))
        {
            case null:
                break; // an unknown type, reported already
            case JsonKind.Any:
                context.Diagnostics.Report(DiagnosticRules.AlternateBranches, branch.TypePosition,
                    $"the type of the branch {name} can be anything in JSON; name one that is a string, a number, "
                    + "a boolean, null, a list or an object");
                break;
            case { } kind when taken.TryGetValue(kind, out string? other):
                context.Diagnostics.Report(DiagnosticRules.AlternateBranches, branch.TypePosition,
                    $"the branches {other} and {name} look the same in JSON; keep one of them");
                break;
            case { } kind:
                taken.Add(kind, name);
                break;
        }
    }

    private static JsonKind? KindOf(CheckContext context, TypeReference type)
    {
        if (type.IsArray)
        {
            return JsonKind.Array;
        }

        return BuiltInType.KindOf(type.Name) ?? context.FindDefinition(type.Name) switch
        {
            EnumType => JsonKind.Text,
            StructType or UnionType => JsonKind.Object,
            AlternateType => JsonKind.Any,
            _ => null,
        };
    }
}
