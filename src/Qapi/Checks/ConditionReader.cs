using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>Reads the value of an <c>if</c> into its canonical text.</summary>
internal sealed class ConditionReader(DiagnosticList diagnostics)
{
    /// <summary>The condition of an object, or null when it has none or a damaged one.</summary>
    internal Condition? Read(ObjectNode node) =>
        node.Find("if") is { } value && Text(value) is { } text ? new Condition(text) : null;

    private string? Text(Node value)
    {
        switch (value)
        {
            case TextNode name when Name(name.Text) is { } text:
                return text;
            case ListNode list:
                return Combine("all", list);
            case ObjectNode { Properties.Count: 1 } operation:
                Property only = operation.Properties[0];
                if (only.Key is "all" or "any" && only.Value is ListNode operands)
                {
                    return Combine(only.Key, operands);
                }

                if (only.Key == "not")
                {
                    return Text(only.Value) is { } operand ? $"not({operand})" : null;
                }

                break;
        }

        diagnostics.Report(DiagnosticRules.ConditionForm, value.Position,
            "a condition is a name in capitals, a list of conditions that all hold, or an object with one key: "
            + "'all' or 'any' with a list, 'not' with a condition");
        return null;
    }

    private string? Combine(string operation, ListNode operands)
    {
        if (operands.Items.Count == 0)
        {
            diagnostics.Report(DiagnosticRules.ConditionForm, operands.Position,
                $"'{operation}' of nothing says nothing; name at least one condition, or take the 'if' out");
            return null;
        }

        List<string?> texts = [.. operands.Items.Select(Text)];
        if (texts.Contains(null))
        {
            return null;
        }

        return texts.Count == 1 ? texts[0] : $"{operation}({string.Join(", ", texts)})";
    }

    /// <summary>The canonical text of a name, which older schemas write <c>defined(NAME)</c>; null when it is none.</summary>
    private static string? Name(string text)
    {
        const string Defined = "defined(";
        if (text.StartsWith("!" + Defined, StringComparison.Ordinal))
        {
            return Name(text.Substring(1)) is { } denied ? $"not({denied})" : null;
        }

        if (text.StartsWith(Defined, StringComparison.Ordinal) && text.EndsWith(")", StringComparison.Ordinal))
        {
            text = text.Substring(Defined.Length, text.Length - Defined.Length - 1);
        }

        bool isName = text.Length > 0 && text[0] is >= 'A' and <= 'Z'
            && text.All(character => character is (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_');
        return isName ? text : null;
    }
}
