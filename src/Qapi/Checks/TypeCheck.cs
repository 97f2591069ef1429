using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>Every type that is used exists and fits its place.</summary>
internal static class TypeCheck
{
    internal static void Run(CheckContext context)
    {
        foreach (Declaration declaration in context.Declarations)
        {
            foreach (DeclaredMember member in declaration.Members.Concat(declaration.Branches))
            {
                CheckUse(context, member.Member.Type.Name, member.TypePosition);
            }

            switch (declaration.Definition)
            {
                case Command command:
                    CheckStruct(context, command.ArgumentsType, declaration.PositionOf("data"), "data");
                    if (command.Returns is { } returns)
                    {
                        CheckUse(context, returns.Name, declaration.PositionOf("returns"));
                    }

                    break;
                case StructType type:
                    CheckStruct(context, type.Base, declaration.PositionOf("base"), "base");
                    CheckBaseLoop(context, declaration, type);
                    break;
                case UnionType union:
                    CheckStruct(context, union.Base, declaration.PositionOf("base"), "base");
                    break;
            }
        }
    }

    private static void CheckUse(CheckContext context, string name, SourcePosition at)
    {
        if (BuiltInType.IsBuiltIn(name))
        {
            return;
        }

        switch (context.FindDefinition(name))
        {
            case null when !context.IsIncomplete:
                context.Diagnostics.Report(DiagnosticRules.UnknownType, at,
                    $"there is no type {name}; define it, or use a built-in one: "
                    + "str, int, number, bool, int8 to int64, uint8 to uint64, size, null, any");
                break;
            case Command:
                context.Diagnostics.Report(DiagnosticRules.TypeKind, at, $"{name} is a command; name a type");
                break;
        }
    }

    private static void CheckStruct(CheckContext context, string? name, SourcePosition at, string key)
    {
        if (name is null || context.FindDefinition(name) is StructType)
        {
            return;
        }

        if (context.IsKnown(name))
        {
            context.Diagnostics.Report(DiagnosticRules.TypeKind, at,
                $"{key} names a struct, and {name} is none; name a struct, or list the members in an object");
        }
        else if (!context.IsIncomplete)
        {
            context.Diagnostics.Report(DiagnosticRules.UnknownType, at, $"there is no type {name}; define it as a struct");
        }
    }

    private static void CheckBaseLoop(CheckContext context, Declaration declaration, StructType type)
    {
        HashSet<string> seen = [];
        string? next = type.Base;
        while (next is not null && seen.Add(next))
        {
            if (next == type.Name)
            {
                context.Diagnostics.Report(DiagnosticRules.BaseLoop, declaration.PositionOf("base"),
                    $"{type.Name} is its own base, so its members would never end; take one base of the circle out");
                return;
            }

            next = (context.FindDefinition(next) as StructType)?.Base;
        }
    }
}
