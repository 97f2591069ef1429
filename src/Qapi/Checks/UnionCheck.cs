using Qapi.Model;

namespace Qapi.Checks;

/// <summary>A union's discriminator picks a branch: an enumeration picks, and structs are picked.</summary>
internal static class UnionCheck
{
    internal static void Run(CheckContext context)
    {
        foreach (Declaration declaration in context.Declarations)
        {
            if (declaration.Definition is not UnionType { Discriminator.Length: > 0 } union)
            {
                continue;
            }

            CheckBranchTypes(context, declaration);
            if (FindDiscriminator(context, declaration, union) is { } values)
            {
                CheckBranchNames(context, declaration, values);
            }
        }
    }

    private static EnumType? FindDiscriminator(CheckContext context, Declaration declaration, UnionType union)
    {
        IEnumerable<Member> common = union.Base is null ? union.Members : context.AllMembers(union.Base);
        Member? member = common.FirstOrDefault(one => one.Name == union.Discriminator);
        if (member is { IsOptional: false, Type.IsArray: false } && context.FindDefinition(member.Type.Name) is EnumType values)
        {
            return values;
        }

        bool isReportedAlready = member is null
            ? union.Base is not null && context.FindDefinition(union.Base) is not StructType
            : !context.IsKnown(member.Type.Name);
        if (isReportedAlready)
        {
            return null;
        }

        context.Diagnostics.Report(DiagnosticRules.Discriminator, declaration.PositionOf("discriminator"),
            $"the discriminator {union.Discriminator} is no mandatory member of the base with an enum as its type; make it one");
        return null;
    }

    private static void CheckBranchNames(CheckContext context, Declaration declaration, EnumType values)
    {
        foreach (DeclaredMember branch in declaration.Branches)
        {
            if (values.Values.All(value => value.Name != branch.Member.Name))
            {
                context.Diagnostics.Report(DiagnosticRules.UnionBranch, branch.Position,
                    $"{branch.Member.Name} is no value of {values.Name}; name the branch as one of its values");
            }
        }
    }

    private static void CheckBranchTypes(CheckContext context, Declaration declaration)
    {
        foreach (DeclaredMember branch in declaration.Branches)
        {
            TypeReference type = branch.Member.Type;
            if (context.IsKnown(type.Name) && (type.IsArray || context.FindDefinition(type.Name) is not StructType))
            {
                context.Diagnostics.Report(DiagnosticRules.TypeKind, branch.TypePosition,
                    $"a branch of a union adds the members of a struct; wrap {type.Name} in a struct");
            }
        }
    }
}
