using System.Text;
using Qapi.Model;

namespace Qapi.Tests;

/// <summary>The model as text, whole and without surprises, for approved files.</summary>
internal static class ModelText
{
    internal static string Of(Schema schema)
    {
        var text = new StringBuilder();
        foreach (Definition definition in schema.Definitions)
        {
            Append(text, definition);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Definition definition)
    {
        text.Append(definition switch
        {
            Command command => $"command {command.Name}"
                + (command.ArgumentsType is { } type ? $" takes {type}" : "")
                + (command.Returns is { } returns ? $" returns {Spell(returns)}" : "")
                + (command.SuccessResponse ? "" : " silent"),
            StructType type => $"struct {type.Name}" + (type.Base is { } name ? $" : {name}" : ""),
            EnumType type => $"enum {type.Name}" + (type.Prefix is { } prefix ? $" prefix {prefix}" : ""),
            UnionType type => $"union {type.Name}" + (type.Base is { } name ? $" : {name}" : "") + $" by {type.Discriminator}",
            _ => $"alternate {definition.Name}",
        });
        text.Append(" in ").Append(definition.Module);
        AppendTail(text, definition.If, definition.Features, "");
        Append(text, definition.Doc);
        switch (definition)
        {
            case Command command:
                AppendMembers(text, "argument", command.Arguments);
                break;
            case StructType type:
                AppendMembers(text, "member", type.Members);
                break;
            case UnionType type:
                AppendMembers(text, "member", type.Members);
                AppendMembers(text, "branch", type.Branches);
                break;
            case AlternateType type:
                AppendMembers(text, "branch", type.Branches);
                break;
            case EnumType type:
                foreach (EnumValue value in type.Values)
                {
                    text.Append("  value ").Append(value.Name);
                    AppendTail(text, value.If, value.Features, value.Doc);
                }

                break;
        }
    }

    private static void AppendMembers(StringBuilder text, string role, EquatableArray<Member> members)
    {
        foreach (Member member in members)
        {
            text.Append("  ").Append(role).Append(' ').Append(member.Name).Append(member.IsOptional ? "?: " : ": ")
                .Append(Spell(member.Type));
            AppendTail(text, member.If, member.Features, member.Doc);
        }
    }

    private static void AppendTail(StringBuilder text, Condition? condition, EquatableArray<Feature> features, string doc)
    {
        if (condition is not null)
        {
            text.Append(" if ").Append(condition.Text);
        }

        foreach (Feature feature in features)
        {
            text.Append(" [").Append(feature.Name);
            text.Append(feature.If is null ? "" : " if " + feature.If.Text);
            text.Append(feature.Doc.Length == 0 ? "" : " \"" + feature.Doc + "\"").Append(']');
        }

        AppendDoc(text, doc);
        text.Append('\n');
    }

    private static void Append(StringBuilder text, Documentation doc)
    {
        List<(string Name, string Text)> parts =
            [("body", doc.Body), ("returns", doc.Returns), ("errors", doc.Errors), ("since", doc.Since)];
        parts.AddRange(doc.Sections.Select(section => ("section", section)));
        foreach ((string name, string part) in parts.Where(part => part.Text.Length > 0))
        {
            text.Append("  ").Append(name);
            AppendDoc(text, part);
            text.Append('\n');
        }
    }

    private static void AppendDoc(StringBuilder text, string doc)
    {
        if (doc.Length > 0)
        {
            text.Append(" \"").Append(doc.Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }
    }

    private static string Spell(TypeReference type) => type.IsArray ? $"[{type.Name}]" : type.Name;
}
