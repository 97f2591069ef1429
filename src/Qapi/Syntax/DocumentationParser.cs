using Qapi.Model;

namespace Qapi.Syntax;

// A documentation block, line by line:
//
//   @name:              the definition; a block that starts otherwise is a remark and documents nothing
//   text                what it does
//   @member: text       a member; lines below that are indented, or follow without a blank line, belong to it
//   Features:           from here on, @name: text is about a feature
//   Returns: text       likewise Errors, Since, Note, Notes, Example, Examples, TODO
//
// Text without indentation after a blank line is about the definition again.

/// <summary>Takes a documentation block apart.</summary>
internal sealed class DocumentationParser
{
    private const string OptionalMark = "#optional"; // how schemas before 2.8 mark optional members

    private static readonly string[] Tags =
        ["Returns", "Return", "Errors", "Since", "Note", "Notes", "Example", "Examples", "TODO", "Features"];

    private readonly SourcePosition _position;
    private readonly DiagnosticList _diagnostics;
    private readonly Section _body = new("", default);
    private readonly List<Section> _members = [];
    private readonly List<Section> _features = [];
    private readonly List<Section> _tagged = [];
    private Section _current;
    private bool _inFeatures;

    private DocumentationParser(SourcePosition position, DiagnosticList diagnostics)
    {
        _position = position;
        _diagnostics = diagnostics;
        _current = _body;
    }

    /// <summary>Takes the block of a token apart.</summary>
    internal static DocumentationBlock Read(Token token, DiagnosticList diagnostics)
    {
        string[] lines = token.Text.Split('\n');
        int first = Array.FindIndex(lines, line => line.Length > 0);
        if (first < 0 || !TrySplitName(lines[first], out string name, out string rest) || rest.Length > 0)
        {
            return new DocumentationBlock(token.Position, null, Documentation.None, [], []);
        }

        var parser = new DocumentationParser(token.Position, diagnostics);
        parser.ReadLines(lines, first + 1);
        return parser.ToBlock(name);
    }

    private void ReadLines(string[] lines, int first)
    {
        bool afterBlank = false;
        for (int index = first; index < lines.Length; index++)
        {
            string line = lines[index];
            var at = new SourcePosition(_position.File, _position.Line + 1 + index, 1);
            if (TrySplitName(line, out string name, out string text))
            {
                Start(_inFeatures ? _features : _members, name, text, at);
            }
            else if (TrySplitTag(line, out string tag, out text))
            {
                _inFeatures = tag == "Features";
                if (!_inFeatures)
                {
                    Start(_tagged, tag, text, at);
                }
            }
            else
            {
                bool startsParagraph = afterBlank && line.Length > 0 && line[0] is not (' ' or '\t');
                if (startsParagraph && _current != _body)
                {
                    _current = _body;
                    _current.StartParagraph();
                }

                _current.Lines.Add(line);
            }

            afterBlank = line.Length == 0;
        }
    }

    private void Start(List<Section> sections, string name, string text, SourcePosition at)
    {
        bool mayRepeat = sections == _tagged && name is not ("Returns" or "Errors" or "Since");
        if (!mayRepeat && sections.Any(section => section.Name == name))
        {
            _diagnostics.Report(DiagnosticRules.RepeatedDocumentation, at,
                $"{name} is documented in this block already; join the two texts");
        }

        _current = new Section(name, at);
        _current.Lines.Add(text);
        sections.Add(_current);
    }

    private DocumentationBlock ToBlock(string name)
    {
        var documentation = new Documentation(
            _body.Text, TextOf("Returns"), TextOf("Errors"), TextOf("Since"),
            new(_tagged.Where(section => section.Name is not ("Returns" or "Errors" or "Since"))
                .Select(section => $"{section.Name}: {section.Text}")));
        return new DocumentationBlock(_position, name, documentation, Entries(_members), Entries(_features));
    }

    private string TextOf(string tag) => _tagged.FirstOrDefault(section => section.Name == tag)?.Text ?? "";

    private static List<DocumentationEntry> Entries(List<Section> sections) =>
        [.. sections.Select(section => new DocumentationEntry(section.Name, section.Text, section.Position))];

    /// <summary>Splits <c>@name: text</c>.</summary>
    private static bool TrySplitName(string line, out string name, out string text)
    {
        name = text = "";
        int colon = line.IndexOf(':');
        if (colon < 2 || line[0] != '@' || line.IndexOf(' ', 0, colon) >= 0 || !EndsAt(line, colon))
        {
            return false;
        }

        name = line.Substring(1, colon - 1);
        text = line.Substring(colon + 1).Trim();
        return true;
    }

    /// <summary>Splits <c>Returns: text</c> and its like.</summary>
    private static bool TrySplitTag(string line, out string tag, out string text)
    {
        tag = text = "";
        int colon = line.IndexOf(':');
        if (colon < 0 || !EndsAt(line, colon) || !Tags.Contains(line.Substring(0, colon)))
        {
            return false;
        }

        tag = line.Substring(0, colon);
        tag = tag == "Return" ? "Returns" : tag;
        text = line.Substring(colon + 1).Trim();
        return true;
    }

    private static bool EndsAt(string line, int colon) =>
        colon + 1 == line.Length || line[colon + 1] is ' ' or '\t';

    /// <summary>A part of the block while it is being read.</summary>
    private sealed class Section(string name, SourcePosition position)
    {
        internal string Name { get; } = name;

        internal SourcePosition Position { get; } = position;

        internal List<string> Lines { get; } = [];

        /// <summary>Puts a blank line behind what there is, unless one is there.</summary>
        internal void StartParagraph()
        {
            if (Lines.Count > 0 && Lines[Lines.Count - 1].Length > 0)
            {
                Lines.Add("");
            }
        }

        /// <summary>The lines without what they are indented by in common; the first line sets no example.</summary>
        internal string Text
        {
            get
            {
                int indentation = Lines.Skip(1).Where(line => line.Length > 0).Select(Indentation).DefaultIfEmpty(0).Min();
                IEnumerable<string> lines = Lines.Select(line =>
                    line.Substring(Math.Min(indentation, Indentation(line))));
                string text = string.Join("\n", lines).Trim();
                return text.StartsWith(OptionalMark, StringComparison.Ordinal)
                    ? text.Substring(OptionalMark.Length).TrimStart()
                    : text;
            }
        }

        private static int Indentation(string line) => line.Length - line.TrimStart(' ', '\t').Length;
    }
}
