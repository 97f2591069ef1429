using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>Reads members, branches and uses of types.</summary>
internal sealed class MemberReader(DiagnosticList diagnostics, ConditionReader conditions, FeatureReader features)
{
    private static readonly string[] Keys = ["type", "if", "features"];

    /// <summary>Reads the members that an object lists, leaving out damaged ones.</summary>
    internal List<DeclaredMember> ReadMembers(ObjectNode list, DocumentationBlock? documentation)
    {
        List<DeclaredMember> members = [];
        foreach (Property property in list.Properties)
        {
            bool isOptional = property.Key.StartsWith("*", StringComparison.Ordinal);
            string name = isOptional ? property.Key.Substring(1) : property.Key;
            if (!WireName.IsValid(name))
            {
                ReportName(property, name);
                continue;
            }

            if (ReadOne(property, name, isOptional, documentation) is not { } member)
            {
                continue;
            }

            if (members.Any(known => known.Member.Name == name))
            {
                diagnostics.Report(DiagnosticRules.RepeatedMember, property.Position,
                    $"the member {name} stands here already, once optional and once not; keep one of the two");
                continue;
            }

            members.Add(member);
        }

        return members;
    }

    /// <summary>Reads the branches that an object lists, leaving out damaged ones.</summary>
    internal List<DeclaredMember> ReadBranches(ObjectNode list, DocumentationBlock? documentation)
    {
        List<DeclaredMember> branches = [];
        foreach (Property property in list.Properties)
        {
            if (property.Key.StartsWith("*", StringComparison.Ordinal))
            {
                diagnostics.Report(DiagnosticRules.OptionalBranch, property.Position,
                    $"a branch is there or not there by itself; take the star off {property.Key}");
            }
            else if (!WireName.IsValidValue(property.Key))
            {
                ReportName(property, property.Key);
            }
            else if (ReadOne(property, property.Key, false, documentation) is { } branch)
            {
                branches.Add(branch);
            }
        }

        return branches;
    }

    /// <summary>Reads the use of a type: a name, or a list of one name; null when it is damaged.</summary>
    internal TypeReference? ReadType(Node value)
    {
        switch (value)
        {
            case TextNode name:
                return new TypeReference(name.Text, IsArray: false);
            case ListNode { Items.Count: 1 } list when list.Items[0] is TextNode element:
                return new TypeReference(element.Text, IsArray: true);
            case ListNode:
                diagnostics.Report(DiagnosticRules.ArrayForm, value.Position,
                    "an array is written [ 'type' ], with one name; for an array of arrays put a struct between");
                return null;
            default:
                diagnostics.Report(DiagnosticRules.ValueForm, value.Position,
                    $"a type is a name or a list of one name, not {value.Kind}");
                return null;
        }
    }

    private DeclaredMember? ReadOne(Property property, string name, bool isOptional, DocumentationBlock? documentation)
    {
        Node typeNode = property.Value;
        Condition? condition = null;
        EquatableArray<Feature> memberFeatures = default;
        if (property.Value is ObjectNode described)
        {
            condition = conditions.Read(described);
            memberFeatures = features.Read(described, documentation);
            ReportUnknownKeys(described);
            if (described.Find("type") is not { } given)
            {
                diagnostics.Report(DiagnosticRules.MissingKey, described.Position,
                    $"the member {name} has no type; give it one: 'type': 'str'");
                return null;
            }

            typeNode = given;
        }

        return ReadType(typeNode) is { } type
            ? new DeclaredMember(
                new Member(name, type, isOptional, documentation?.OfMember(name) ?? "", condition, memberFeatures),
                property.Position, typeNode.Position)
            : null;
    }

    private void ReportName(Property property, string name) =>
        diagnostics.Report(DiagnosticRules.InvalidName, property.Position,
            $"'{name}' is no name for a member; use letters, digits and hyphens, a letter first");

    private void ReportUnknownKeys(ObjectNode described)
    {
        foreach (Property property in described.Properties.Where(property => !Keys.Contains(property.Key)))
        {
            diagnostics.Report(DiagnosticRules.UnknownKey, property.Position,
                $"a member has no key '{property.Key}'; it has type, if and features. An object of its own is a struct");
        }
    }
}
