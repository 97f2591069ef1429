using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>Reads the values of an enumeration.</summary>
internal sealed class EnumReader(DiagnosticList diagnostics, ConditionReader conditions, FeatureReader features)
{
    private static readonly string[] Keys = ["name", "if", "features"];

    /// <summary>The values, without damaged ones; where each stands goes to <paramref name="positions"/>.</summary>
    internal EquatableArray<EnumValue> ReadValues(Node data, DocumentationBlock? documentation, List<DeclaredName> positions)
    {
        if (data is not ListNode list)
        {
            diagnostics.Report(DiagnosticRules.ValueForm, data.Position,
                $"data of an enum is a list of values, not {data.Kind}; put brackets around");
            return default;
        }

        List<EnumValue> values = [];
        foreach (Node item in list.Items)
        {
            if (ReadOne(item, documentation) is not { } value)
            {
                continue;
            }

            if (values.Any(known => known.Name == value.Name))
            {
                diagnostics.Report(DiagnosticRules.RepeatedMember, item.Position,
                    $"the value {value.Name} stands here already; take one of the two out");
                continue;
            }

            values.Add(value);
            positions.Add(new DeclaredName(value.Name, item.Position));
        }

        return new(values);
    }

    private EnumValue? ReadOne(Node item, DocumentationBlock? documentation)
    {
        TextNode? name = item as TextNode;
        Condition? condition = null;
        EquatableArray<Feature> valueFeatures = default;
        if (item is ObjectNode described && described.Properties.All(property => Keys.Contains(property.Key)))
        {
            name = described.Find("name") as TextNode;
            condition = conditions.Read(described);
            valueFeatures = features.Read(described, documentation);
        }

        if (name is null)
        {
            diagnostics.Report(DiagnosticRules.ValueForm, item.Position,
                "a value of an enum is a name, or { 'name': …, 'if': …, 'features': … }");
            return null;
        }

        if (!WireName.IsValidValue(name.Text))
        {
            diagnostics.Report(DiagnosticRules.InvalidName, item.Position,
                $"'{name.Text}' is no name for a value; use letters, digits and hyphens");
            return null;
        }

        return new EnumValue(name.Text, documentation?.OfMember(name.Text) ?? "", condition, valueFeatures);
    }
}
