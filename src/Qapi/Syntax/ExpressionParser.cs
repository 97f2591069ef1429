namespace Qapi.Syntax;

/// <summary>
/// Turns the tokens of a file into expressions. After a mistake it goes on with the next line that starts with an opening
/// brace, so one mistake does not hide the others.
/// </summary>
internal sealed class ExpressionParser(List<Token> tokens, DiagnosticList diagnostics)
{
    private const int MaxNesting = 32; // our own limit: it keeps the stack small; schemas need about five

    private int _index;

    /// <summary>Whether a damaged expression was left out.</summary>
    internal bool LeftOutAny { get; private set; }

    private Token Current => tokens[_index];

    /// <summary>All expressions of the file.</summary>
    internal List<SchemaExpression> ReadAll()
    {
        List<SchemaExpression> expressions = [];
        DocumentationBlock? documentation = null;
        while (Current.Kind != TokenKind.End)
        {
            if (Current.Kind == TokenKind.Documentation)
            {
                ReportStray(documentation);
                documentation = DocumentationParser.Read(Current, diagnostics);
                _index++;
                continue;
            }

            if (Current.Kind != TokenKind.OpenBrace)
            {
                ReportUnexpected("an expression starts with '{'");
                SkipToNextExpression();
            }
            else if (ReadObject(1) is { } node)
            {
                expressions.Add(new SchemaExpression(node, documentation));
            }
            else
            {
                SkipToNextExpression();
            }

            documentation = null;
        }

        ReportStray(documentation);
        return expressions;
    }

    private void ReportStray(DocumentationBlock? documentation)
    {
        if (documentation?.Name is { } name)
        {
            diagnostics.Report(DiagnosticRules.StrayDocumentation, documentation.Position,
                $"no definition follows the documentation of {name}; put the block right before its definition");
        }
    }

    /// <summary>Reads a value; null when it is damaged, which is then reported.</summary>
    private Node? ReadValue(int depth)
    {
        if (depth > MaxNesting)
        {
            diagnostics.Report(DiagnosticRules.Nesting, Current.Position,
                $"values are nested more than {MaxNesting} deep; name the inner ones as types of their own");
            return null;
        }

        Token token = Current;
        switch (token.Kind)
        {
            case TokenKind.OpenBrace:
                return ReadObject(depth);
            case TokenKind.OpenBracket:
                return ReadList(depth);
            case TokenKind.Text:
                _index++;
                return new TextNode(token.Position, token.Text);
            case TokenKind.True or TokenKind.False:
                _index++;
                return new BooleanNode(token.Position, token.Kind == TokenKind.True);
            default:
                ReportUnexpected("a string, an object, a list, true or false belongs here");
                return null;
        }
    }

    private ObjectNode? ReadObject(int depth)
    {
        SourcePosition start = Current.Position;
        List<Property> properties = [];
        HashSet<string> keys = [];
        _index++;
        if (Accept(TokenKind.CloseBrace))
        {
            return new ObjectNode(start, properties);
        }

        while (true)
        {
            Token key = Current;
            if (!Expect(TokenKind.Text, "a key in single quotes belongs here")
                || !Expect(TokenKind.Colon, "a ':' belongs between a key and its value")
                || ReadValue(depth + 1) is not { } value)
            {
                return null;
            }

            if (keys.Add(key.Text))
            {
                properties.Add(new Property(key.Position, key.Text, value));
            }
            else
            {
                diagnostics.Report(DiagnosticRules.RepeatedKey, key.Position,
                    $"the key '{key.Text}' stands in this object already; keep one of the two");
            }

            if (Accept(TokenKind.CloseBrace))
            {
                return new ObjectNode(start, properties);
            }

            if (!Expect(TokenKind.Comma, "a ',' or the closing '}' belongs here"))
            {
                return null;
            }
        }
    }

    private ListNode? ReadList(int depth)
    {
        SourcePosition start = Current.Position;
        List<Node> items = [];
        _index++;
        if (Accept(TokenKind.CloseBracket))
        {
            return new ListNode(start, items);
        }

        while (true)
        {
            if (ReadValue(depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
            if (Accept(TokenKind.CloseBracket))
            {
                return new ListNode(start, items);
            }

            if (!Expect(TokenKind.Comma, "a ',' or the closing ']' belongs here"))
            {
                return null;
            }
        }
    }

    private bool Accept(TokenKind kind)
    {
        if (Current.Kind != kind)
        {
            return false;
        }

        _index++;
        return true;
    }

    private bool Expect(TokenKind kind, string rule)
    {
        if (Accept(kind))
        {
            return true;
        }

        ReportUnexpected(rule);
        return false;
    }

    private void ReportUnexpected(string rule) =>
        diagnostics.Report(DiagnosticRules.Syntax, Current.Position, $"{rule}, not {Current.Spelling}");

    private void SkipToNextExpression()
    {
        LeftOutAny = true;
        while (Current.Kind is not (TokenKind.End or TokenKind.Documentation)
            && !(Current.Kind == TokenKind.OpenBrace && Current.Position.Column == 1))
        {
            _index++;
        }
    }
}
