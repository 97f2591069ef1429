using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>The features that our code acts upon (<c>schema/README.md</c>) stand where it looks for them. Others are free.</summary>
internal static class FeatureCheck
{
    private static readonly string[] OfCommands = ["allowed-while-frozen", "may-block", "read-only"];
    private static readonly string[] OfStructs = ["streamed"];
    private static readonly string[] OfMembers = ["private"];
    private static readonly string[] OfTexts = ["base64", "secret"];

    internal static void Run(CheckContext context)
    {
        foreach (Declaration declaration in context.Declarations)
        {
            Definition definition = declaration.Definition;
            string[] allowed = definition switch
            {
                Command => OfCommands,
                StructType => OfStructs,
                _ => [],
            };
            Check(context, definition.Features, allowed, definition.Name, declaration.PositionOf("features"));
            foreach (DeclaredMember member in declaration.Members.Concat(declaration.Branches))
            {
                bool isText = member.Member.Type is { Name: "str", IsArray: false };
                Check(context, member.Member.Features, isText ? [.. OfMembers, .. OfTexts] : OfMembers, member.Member.Name, member.Position);
            }

            CheckStreamed(context, declaration);
        }
    }

    private static void Check(
        CheckContext context, EquatableArray<Feature> features, string[] allowed, string owner, SourcePosition at)
    {
        foreach (Feature feature in features)
        {
            bool isOurs = OfCommands.Concat(OfStructs).Concat(OfMembers).Concat(OfTexts).Contains(feature.Name);
            if (isOurs && !allowed.Contains(feature.Name))
            {
                context.Diagnostics.Report(DiagnosticRules.FeaturePlace, at,
                    $"{feature.Name} means nothing on {owner}; commands take {string.Join(", ", OfCommands)}, "
                    + $"structs {string.Join(", ", OfStructs)}, members {string.Join(", ", OfMembers)}, members of type str {string.Join(", ", OfTexts)}");
            }
        }
    }

    private static void CheckStreamed(CheckContext context, Declaration declaration)
    {
        if (declaration.Definition is StructType type
            && type.Features.Any(feature => feature.Name == "streamed")
            && !(type.Members.Count > 0 && type.Members[0].Features.Any(feature => feature.Name == "base64")))
        {
            context.Diagnostics.Report(DiagnosticRules.FeaturePlace, declaration.PositionOf("features"),
                $"{type.Name} is streamed, so its bytes are written before the rest is known; "
                + "put a member with the feature base64 first");
        }
    }
}
