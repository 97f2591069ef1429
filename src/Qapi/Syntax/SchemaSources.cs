namespace Qapi.Syntax;

/// <summary>
/// Reads a schema file with all that it includes into one row of expressions. A file is read once, where it is first
/// included; pragmas hold for all files.
/// </summary>
internal sealed class SchemaSources
{
    private const char ByteOrderMark = '\uFEFF';
    private const int MaxIncludeDepth = 32; // our own limit: it keeps the stack small; schemas need two

    // Our own limit; schemas need a few dozen. Links in the file system can make endlessly many paths of a few files.
    private const int MaxFiles = 256;

    private readonly Func<string, string?> _open;
    private readonly DiagnosticList _diagnostics;
    private readonly PragmaReader _pragmaReader;
    private readonly List<SchemaExpression> _expressions = [];
    private readonly HashSet<string> _seen = [];
    private readonly List<string> _openFiles = [];

    internal SchemaSources(Func<string, string?> open, DiagnosticList diagnostics)
    {
        _open = open;
        _diagnostics = diagnostics;
        _pragmaReader = new PragmaReader(Pragmas, diagnostics);
    }

    /// <summary>What the pragmas say.</summary>
    internal SchemaPragmas Pragmas { get; } = new();

    /// <summary>Whether files or expressions are missing, so that names may seem undefined that are not.</summary>
    internal bool IsIncomplete { get; private set; }

    /// <summary>The expressions other than includes and pragmas, in order.</summary>
    internal IReadOnlyList<SchemaExpression> Expressions => _expressions;

    /// <summary>Reads the file to start with.</summary>
    internal void Load(string rootPath) => Load(rootPath, new SourcePosition(rootPath, 1, 1));

    private void Load(string path, SourcePosition wantedAt)
    {
        if (_openFiles.Contains(path))
        {
            _diagnostics.Report(DiagnosticRules.IncludeLoop, wantedAt,
                $"{path} includes itself by way of this file; take one include of the circle out");
            return;
        }

        if (!_seen.Add(path))
        {
            return;
        }

        if (_openFiles.Count == MaxIncludeDepth || _seen.Count > MaxFiles)
        {
            _diagnostics.Report(DiagnosticRules.Nesting, wantedAt,
                $"includes are nested more than {MaxIncludeDepth} deep, or there are more than {MaxFiles} files; "
                + "include from further out, and join small files");
            IsIncomplete = true;
            return;
        }

        if (_open(path) is not { } text)
        {
            _diagnostics.Report(DiagnosticRules.MissingFile, wantedAt,
                $"there is no schema file {path}; a path counts from the folder of the file that includes it");
            IsIncomplete = true;
            return;
        }

        _openFiles.Add(path);
        Read(path, text);
        _openFiles.RemoveAt(_openFiles.Count - 1);
    }

    private void Read(string path, string text)
    {
        List<Token> tokens = new Lexer(path, text.TrimStart(ByteOrderMark), _diagnostics).ReadAll();
        var parser = new ExpressionParser(tokens, _diagnostics);
        List<SchemaExpression> expressions = parser.ReadAll();
        IsIncomplete |= parser.LeftOutAny;
        foreach (SchemaExpression expression in expressions)
        {
            if (expression.Node.Find("include") is { } include)
            {
                ReportDocumentation(expression);
                ReadInclude(expression.Node, include);
            }
            else if (expression.Node.Find("pragma") is not null)
            {
                ReportDocumentation(expression);
                _pragmaReader.Read(expression.Node);
            }
            else
            {
                _expressions.Add(expression);
            }
        }
    }

    private void ReportDocumentation(SchemaExpression expression)
    {
        if (expression.Documentation is { Name: { } name } documentation)
        {
            _diagnostics.Report(DiagnosticRules.StrayDocumentation, documentation.Position,
                $"no definition follows the documentation of {name}; put the block right before its definition");
        }
    }

    private void ReadInclude(ObjectNode expression, Node include)
    {
        if (include is not TextNode { Text.Length: > 0 } path || expression.Properties.Count != 1)
        {
            _diagnostics.Report(DiagnosticRules.IncludeForm, include.Position,
                "an include is written { 'include': 'file.json' }, with a path and no other key");
            IsIncomplete = true;
            return;
        }

        Load(IncludePath.Resolve(include.Position.File, path.Text), include.Position);
    }
}
