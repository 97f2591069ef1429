namespace ManualPage;

/// <summary>
/// The options, out of what <c>--help</c> prints: a line at the margin begins a group, two blanks and a dash an option, and
/// after two more blanks or in deep lines stands what it does. All from "Example:" on is left out.
/// </summary>
internal static class OptionSection
{
    /// <summary>Writes the section.</summary>
    internal static void Write(RoffWriter page, string help)
    {
        page.Section("Options");
        string? group = null;
        foreach (string line in help.Split('\n').TakeWhile(line => !line.StartsWith("Example", StringComparison.Ordinal)))
        {
            if (line.StartsWith("  -", StringComparison.Ordinal))
            {
                if (group is not null)
                {
                    page.Subsection(group);
                    group = null;
                }

                // The widest option is followed by a single blank.
                int end = line.IndexOf("  ", 2, StringComparison.Ordinal);
                if (end < 0 || line[2..end].Count(character => character == ' ') > 1)
                {
                    end = line.IndexOf(' ', line.IndexOf("--", StringComparison.Ordinal));
                }

                page.Term(line[2..end]);
                page.Prose(line[end..].Trim());
            }
            else if (line.StartsWith("   ", StringComparison.Ordinal))
            {
                page.Prose(line.Trim());
            }
            else
            {
                // The name of a group, if an option follows; before the first one it is the introduction.
                group = line.Length > 0 ? line : group;
            }
        }
    }
}
