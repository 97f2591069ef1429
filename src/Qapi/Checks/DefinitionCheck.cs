using Qapi.Model;

namespace Qapi.Checks;

/// <summary>Names are defined once, and their definitions stay apart in C#.</summary>
internal static class DefinitionCheck
{
    internal static void Run(CheckContext context)
    {
        Dictionary<string, string> methods = [];
        Dictionary<string, string> types = [];
        foreach (Declaration declaration in context.Declarations)
        {
            string name = declaration.Definition.Name;
            if (BuiltInType.IsBuiltIn(name))
            {
                context.Diagnostics.Report(DiagnosticRules.RepeatedDefinition, declaration.NamePosition,
                    $"{name} is a built-in type; choose another name");
            }
            else if (context.Find(name) is { } first && first != declaration)
            {
                context.Diagnostics.Report(DiagnosticRules.RepeatedDefinition, declaration.NamePosition,
                    $"{name} is defined already, in {first.NamePosition.File} line {first.NamePosition.Line}; "
                    + "rename one of the two or take it out");
            }
            else if (declaration.Definition is Command)
            {
                if (Claim(context, declaration, methods, CSharpName.Of(name)))
                {
                    Claim(context, declaration, types, CSharpName.OfArguments(name));
                }
            }
            else
            {
                Claim(context, declaration, types, CSharpName.Of(name));
            }
        }
    }

    private static bool Claim(CheckContext context, Declaration declaration, Dictionary<string, string> taken, string csharpName)
    {
        string name = declaration.Definition.Name;
        if (taken.TryGetValue(csharpName, out string? other))
        {
            context.Diagnostics.Report(DiagnosticRules.NameCollision, declaration.NamePosition,
                $"{name} and {other} would both be {csharpName} in C#; rename one of them");
            return false;
        }

        taken.Add(csharpName, name);
        return true;
    }
}
