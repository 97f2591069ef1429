using System.Text;

namespace Qapi.Generator.Emit;

/// <summary>The schema's documentation as XML comments.</summary>
internal static class DocText
{
    /// <summary>A <c>summary</c> from a text that may have several paragraphs.</summary>
    /// <param name="text">The schema's text.</param>
    /// <param name="otherwise">XML to say when the schema says nothing.</param>
    internal static void Summary(CodeText code, string text, string otherwise)
    {
        Element(code, "summary", "", BodyOf(text, otherwise));
    }

    /// <summary>The documentation of a definition: a summary, then remarks with the rest of it.</summary>
    /// <param name="doc">The schema's documentation.</param>
    /// <param name="wireName">The name on the wire.</param>
    internal static void Definition(CodeText code, Model.Documentation doc, string wireName)
    {
        List<string> paragraphs = Paragraphs(doc.Body);
        Element(code, "summary", "", paragraphs.Count > 0 ? Sentence(paragraphs[0]) : $"<c>{Escape(wireName)}</c>.");
        List<string> remarks = [.. paragraphs.Skip(1).Select(Sentence), .. doc.Sections.Select(Sentence)];
        if (doc.Since.Length > 0)
        {
            remarks.Add($"On the wire <c>{Escape(wireName)}</c>, since {Escape(doc.Since.Trim())}.");
        }

        if (remarks.Count == 1)
        {
            Element(code, "remarks", "", remarks[0]);
        }
        else if (remarks.Count > 1)
        {
            code.Line("/// <remarks>");
            foreach (string remark in remarks)
            {
                Element(code, "para", "", remark);
            }

            code.Line("/// </remarks>");
        }
    }

    /// <summary>A parameter of a method.</summary>
    internal static void Parameter(CodeText code, string name, string text, string otherwise)
    {
        Element(code, "param", $" name=\"{name}\"", BodyOf(text, otherwise));
    }

    /// <summary>The <c>returns</c> of a command.</summary>
    internal static void Returns(CodeText code, string text)
    {
        Element(code, "returns", "", BodyOf(text, "What the command answers."));
    }

    /// <summary>An <c>exception</c> for each of a command's errors.</summary>
    internal static void Errors(CodeText code, string text)
    {
        foreach (string error in Paragraphs(text))
        {
            Element(code, "exception", " cref=\"QapiException\"", Sentence(error));
        }
    }

    /// <summary>An element, on one line where it fits.</summary>
    /// <param name="attributes">Its attributes with a space before them, or nothing.</param>
    /// <param name="xml">What it holds, escaped.</param>
    internal static void Element(CodeText code, string name, string attributes, string xml)
    {
        string line = $"/// <{name}{attributes}>{xml}</{name}>";
        if (code.Indentation + line.Length <= CodeText.Width)
        {
            code.Line(line);
            return;
        }

        code.Line($"/// <{name}{attributes}>");
        foreach (string part in Wrap(xml, CodeText.Width - code.Indentation - 4))
        {
            code.Line("/// " + part);
        }

        code.Line($"/// </{name}>");
    }

    /// <summary>Text without what XML would take for its own.</summary>
    internal static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    /// <summary>All paragraphs of a text as XML, in one; something else when there are none.</summary>
    private static string BodyOf(string text, string otherwise) =>
        string.Join(" ", Paragraphs(text).Select(Sentence)) is { Length: > 0 } body ? body : otherwise;

    /// <summary>Paragraphs and list items, each on one line.</summary>
    private static List<string> Paragraphs(string text)
    {
        List<string> paragraphs = [];
        StringBuilder current = new();
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            bool isItem = line.StartsWith("- ", StringComparison.Ordinal);
            if (line.Length == 0 || isItem)
            {
                End(paragraphs, current);
            }

            string words = isItem ? line.Substring(2).Trim() : line;
            current.Append(current.Length > 0 && words.Length > 0 ? " " : "").Append(words);
        }

        End(paragraphs, current);
        return paragraphs;
    }

    private static void End(List<string> paragraphs, StringBuilder current)
    {
        if (current.Length > 0)
        {
            paragraphs.Add(current.ToString());
            current.Clear();
        }
    }

    /// <summary>A paragraph as XML, starting with a capital and ending with a full stop.</summary>
    private static string Sentence(string paragraph)
    {
        string text = MarkNames(Escape(paragraph));
        if (text[0] is >= 'a' and <= 'z')
        {
            text = char.ToUpperInvariant(text[0]) + text.Substring(1);
        }

        return text[text.Length - 1] is '.' or '!' or '?' or ':' ? text : text + ".";
    }

    /// <summary>Names that the schema marks with an at sign, marked as XML does.</summary>
    private static string MarkNames(string text)
    {
        StringBuilder marked = new();
        int position = 0;
        while (position < text.Length)
        {
            int end = position + 1;
            bool startsWord = position == 0 || text[position - 1] is ' ' or '(' or '"';
            if (text[position] == '@' && startsWord)
            {
                while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '-' or '_'))
                {
                    end++;
                }
            }

            string name = text.Substring(position + 1, end - position - 1);
            marked.Append(name.Length > 0 ? $"<c>{name}</c>" : text.Substring(position, end - position));
            position = end;
        }

        return marked.ToString();
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        StringBuilder line = new();
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}
