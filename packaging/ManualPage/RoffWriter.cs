using System.Text;
using System.Text.RegularExpressions;

namespace ManualPage;

/// <summary>
/// A page in the language of man(7): a line that begins with a dot is a macro, a backslash begins an escape, all else is
/// text that is filled into lines.
/// </summary>
internal sealed partial class RoffWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>The header, which names the page.</summary>
    internal void Title(string escapedName, int section, string date, string source, string manual = "System Administration") =>
        _text.Append($".TH {escapedName.ToUpperInvariant()} {section} \"{date}\" \"{source}\" \"{manual}\"\n");

    /// <summary>Begins a section.</summary>
    internal void Section(string title) => _text.Append($".SH {Escape(title).ToUpperInvariant()}\n");

    /// <summary>Begins a part of a section.</summary>
    internal void Subsection(string title) => _text.Append($".SS {Escape(title)}\n");

    /// <summary>A name and what it is for, as apropos(1) reads them.</summary>
    internal void Name(string name, string purpose) => _text.Append(Escape(name)).Append(" \\- ").Append(Escape(purpose)).Append('\n');

    /// <summary>A line of prose as it is.</summary>
    internal void Line(string text) => _text.Append(Escape(text)).Append('\n');

    /// <summary>Begins a paragraph at the section's own indentation.</summary>
    internal void BeginParagraph() => _text.Append(".PP\n");

    /// <summary>A term in bold, with what is said of it indented below.</summary>
    internal void Term(string term) => _text.Append($".TP\n.B {Escape(term)}\n");

    /// <summary>A line of its own, in the term's indentation.</summary>
    internal void Break() => _text.Append(".br\n");

    /// <summary>A paragraph more of what is said of the last term.</summary>
    internal void Continue() => _text.Append(".IP\n");

    /// <summary>Indents what follows by one step.</summary>
    internal void Indent() => _text.Append(".RS\n");

    /// <summary>Takes one step of indentation back.</summary>
    internal void Outdent() => _text.Append(".RE\n");

    /// <summary>Prose as the schema has it: blank lines part paragraphs, "- " begins an entry, @name is a name.</summary>
    internal void Prose(string prose)
    {
        bool isFirst = true;
        foreach (string paragraph in prose.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isFirst)
            {
                Continue();
            }

            isFirst = false;
            foreach (string line in paragraph.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.StartsWith("- ", StringComparison.Ordinal))
                {
                    _text.Append(".br\n\\(bu ").Append(Marked(line[2..])).Append('\n');
                }
                else
                {
                    _text.Append(Marked(line)).Append('\n');
                }
            }
        }
    }

    /// <summary>A paragraph at the section's own indentation.</summary>
    internal void Paragraph(string prose)
    {
        _text.Append(".PP\n");
        Prose(prose);
    }

    /// <summary>Lines that stay as they are.</summary>
    internal void Example(string lines)
    {
        _text.Append(".PP\n.RS 4\n.nf\n");
        foreach (string line in lines.Split('\n'))
        {
            _text.Append(Escape(line)).Append('\n');
        }

        _text.Append(".fi\n.RE\n");
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    // Names are looked for and copied from the page: their hyphens stay what they are.
    private static string Escape(string plain)
    {
        string escaped = plain.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? "\\&" + escaped : escaped;
    }

    private static string Marked(string line)
    {
        string escaped = Escape(line);
        return NameMark().Replace(escaped, match => $"\\fB{match.Groups[1].Value}\\fR");
    }

    [GeneratedRegex(@"@((?:[A-Za-z0-9_]|\\-)+)")]
    private static partial Regex NameMark();
}
