using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>With the pragma <c>doc-required</c> every definition is documented, and what is documented exists.</summary>
internal static class DocumentationCheck
{
    internal static void Run(CheckContext context)
    {
        if (!context.Pragmas.DocumentationRequired)
        {
            return;
        }

        foreach (Declaration declaration in context.Declarations)
        {
            string name = declaration.Definition.Name;
            if (declaration.Documentation is not { } block)
            {
                context.Diagnostics.Report(DiagnosticRules.MissingDocumentation, declaration.NamePosition,
                    $"{name} has no documentation; put a block before it whose first line is # @{name}:");
            }
            else if (block.Name != name)
            {
                context.Diagnostics.Report(DiagnosticRules.DocumentationName, block.Position,
                    $"the block documents {block.Name}, but {name} follows; write # @{name}: or move it");
            }
            else
            {
                CheckEntries(context, declaration, block);
            }
        }
    }

    private static void CheckEntries(CheckContext context, Declaration declaration, DocumentationBlock block)
    {
        HashSet<string> members = [.. MemberNames(context, declaration)];
        foreach (DocumentationEntry entry in block.Members.Where(entry => !members.Contains(entry.Name)))
        {
            context.Diagnostics.Report(DiagnosticRules.DocumentationMember, entry.Position,
                $"{block.Name} has no {entry.Name}; mend the name or take the text out. A feature is documented below Features:");
        }

        HashSet<string> features = [.. FeatureNames(declaration)];
        foreach (DocumentationEntry entry in block.Features.Where(entry => !features.Contains(entry.Name)))
        {
            context.Diagnostics.Report(DiagnosticRules.DocumentationMember, entry.Position,
                $"{block.Name} has no feature {entry.Name}; mend the name or take the text out");
        }
    }

    private static IEnumerable<string> MemberNames(CheckContext context, Declaration declaration) =>
        declaration.Members.Concat(declaration.Branches).Select(member => member.Member.Name)
            .Concat(declaration.Values.Select(value => value.Name))
            .Concat(context.TakenMembers(declaration.Definition).Select(member => member.Name));

    private static IEnumerable<string> FeatureNames(Declaration declaration)
    {
        IEnumerable<Feature> values = declaration.Definition is EnumType type
            ? type.Values.SelectMany(value => value.Features)
            : [];
        return declaration.Definition.Features
            .Concat(declaration.Members.Concat(declaration.Branches).SelectMany(member => member.Member.Features))
            .Concat(values)
            .Select(feature => feature.Name);
    }
}
