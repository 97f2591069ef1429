using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>Names keep to lower case and hyphens, once a pragma lists the exceptions.</summary>
internal static class NameCheck
{
    internal static void Run(CheckContext context)
    {
        foreach (Declaration declaration in context.Declarations)
        {
            string owner = declaration.Definition.Name;
            if (declaration.Definition is Command)
            {
                Check(context, owner, owner, declaration.NamePosition, context.Pragmas.CommandNameExceptions, "command");
            }

            foreach (DeclaredMember member in declaration.Members.Concat(declaration.Branches))
            {
                Check(context, member.Member.Name, owner, member.Position, context.Pragmas.MemberNameExceptions, "member");
            }

            foreach (DeclaredName value in declaration.Values)
            {
                Check(context, value.Name, owner, value.Position, context.Pragmas.MemberNameExceptions, "member");
            }
        }
    }

    private static void Check(
        CheckContext context, string name, string owner, SourcePosition at, HashSet<string>? exceptions, string pragma)
    {
        if (exceptions is not null && !exceptions.Contains(owner) && !WireName.IsLowerCase(name))
        {
            context.Diagnostics.Report(DiagnosticRules.InvalidName, at,
                $"{name} has a capital or an underscore; use lower case and hyphens, or name {owner} in the pragma "
                + $"{pragma}-name-exceptions");
        }
    }
}
