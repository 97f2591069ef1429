using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>Reads the value of a <c>features</c> key.</summary>
internal sealed class FeatureReader(DiagnosticList diagnostics, ConditionReader conditions)
{
    private static readonly string[] Keys = ["name", "if"];

    /// <summary>The features of an object, documented by the block of the definition they stand in.</summary>
    internal EquatableArray<Feature> Read(ObjectNode node, DocumentationBlock? documentation)
    {
        Node? value = node.Find("features");
        if (value is null)
        {
            return default;
        }

        if (value is not ListNode list)
        {
            diagnostics.Report(DiagnosticRules.FeatureForm, value.Position,
                $"features are a list of names, not {value.Kind}; put brackets around");
            return default;
        }

        List<Feature> features = [];
        foreach (Node item in list.Items)
        {
            if (ReadOne(item, documentation) is not { } feature)
            {
                continue;
            }

            if (features.Any(known => known.Name == feature.Name))
            {
                diagnostics.Report(DiagnosticRules.FeatureForm, item.Position,
                    $"the feature {feature.Name} stands in this list already; take one of the two out");
                continue;
            }

            features.Add(feature);
        }

        return new(features);
    }

    private Feature? ReadOne(Node item, DocumentationBlock? documentation)
    {
        TextNode? name = item as TextNode;
        Condition? condition = null;
        if (item is ObjectNode described && described.Properties.All(property => Keys.Contains(property.Key)))
        {
            name = described.Find("name") as TextNode;
            condition = conditions.Read(described);
        }

        if (name is null || !WireName.IsValid(name.Text))
        {
            diagnostics.Report(DiagnosticRules.FeatureForm, item.Position,
                "a feature is a name of letters, digits and hyphens, or { 'name': …, 'if': … }");
            return null;
        }

        return new Feature(name.Text, documentation?.OfFeature(name.Text) ?? "", condition);
    }
}
