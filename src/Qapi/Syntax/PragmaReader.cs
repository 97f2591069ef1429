namespace Qapi.Syntax;

/// <summary>Reads <c>{ 'pragma': { … } }</c>.</summary>
internal sealed class PragmaReader(SchemaPragmas pragmas, DiagnosticList diagnostics)
{
    /// <summary>Takes in what a pragma expression says.</summary>
    internal void Read(ObjectNode expression)
    {
        if (expression.Properties.Count != 1 || expression.Properties[0].Value is not ObjectNode settings)
        {
            diagnostics.Report(DiagnosticRules.PragmaValue, expression.Position,
                "a pragma is written { 'pragma': { … } }, with an object and no other key");
            return;
        }

        foreach (Property setting in settings.Properties)
        {
            Read(setting);
        }
    }

    private void Read(Property setting)
    {
        switch (setting.Key)
        {
            case "doc-required":
                if (setting.Value is BooleanNode required)
                {
                    pragmas.DocumentationRequired = required.Value;
                }
                else
                {
                    diagnostics.Report(DiagnosticRules.PragmaValue, setting.Value.Position,
                        $"doc-required is true or false, not {setting.Value.Kind}");
                }

                break;
            case "command-returns-exceptions" or "returns-whitelist":
                pragmas.ReturnExceptions = Join(pragmas.ReturnExceptions, setting);
                break;
            case "command-name-exceptions":
                pragmas.CommandNameExceptions = Join(pragmas.CommandNameExceptions, setting);
                break;
            case "member-name-exceptions" or "name-case-whitelist":
                pragmas.MemberNameExceptions = Join(pragmas.MemberNameExceptions, setting);
                break;
            default:
                diagnostics.Report(DiagnosticRules.UnknownPragma, setting.Position,
                    $"there is no pragma '{setting.Key}'; known are doc-required, command-returns-exceptions "
                    + "(once returns-whitelist), command-name-exceptions and member-name-exceptions");
                break;
        }
    }

    private HashSet<string> Join(HashSet<string>? known, Property setting)
    {
        known ??= [];
        if (setting.Value is not ListNode list || list.Items.Any(item => item is not TextNode))
        {
            diagnostics.Report(DiagnosticRules.PragmaValue, setting.Value.Position,
                $"{setting.Key} is a list of names, each in single quotes");
            return known;
        }

        known.UnionWith(list.Items.OfType<TextNode>().Select(item => item.Text));
        return known;
    }
}
