using System.Text;

namespace Qapi.Syntax;

// The QAPI language as characters:
//
//   { } [ ] : ,      as in JSON
//   'text'           printable ASCII on one line; \\ and \' are the only escapes
//   true false
//   # comment        up to the end of the line
//   ##               alone on its line: starts a documentation block of comment lines, which another ## ends

/// <summary>Cuts a schema file into tokens. A damaged piece is reported and passed over.</summary>
internal sealed class Lexer(string file, string text, DiagnosticList diagnostics)
{
    private readonly List<Token> _tokens = [];
    private int _offset;
    private int _line = 1;
    private int _lineStart;

    private SourcePosition Position => new(file, _line, _offset - _lineStart + 1);

    /// <summary>All tokens of the file; the last is <see cref="TokenKind.End"/>.</summary>
    internal List<Token> ReadAll()
    {
        while (_offset < text.Length)
        {
            ReadNext();
        }

        _tokens.Add(new Token(TokenKind.End, Position, ""));
        return _tokens;
    }

    private void ReadNext()
    {
        char character = text[_offset];
        switch (character)
        {
            case '\n':
                _offset++;
                _line++;
                _lineStart = _offset;
                break;
            case ' ' or '\t' or '\r':
                _offset++;
                break;
            case '{':
                AddMark(TokenKind.OpenBrace);
                break;
            case '}':
                AddMark(TokenKind.CloseBrace);
                break;
            case '[':
                AddMark(TokenKind.OpenBracket);
                break;
            case ']':
                AddMark(TokenKind.CloseBracket);
                break;
            case ':':
                AddMark(TokenKind.Colon);
                break;
            case ',':
                AddMark(TokenKind.Comma);
                break;
            case '#':
                ReadComment();
                break;
            case '\'':
                ReadText();
                break;
            default:
                ReadWord();
                break;
        }
    }

    private void AddMark(TokenKind kind)
    {
        _tokens.Add(new Token(kind, Position, ""));
        _offset++;
    }

    private void ReadWord()
    {
        SourcePosition start = Position;
        int begin = _offset;
        while (_offset < text.Length && text[_offset] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_')
        {
            _offset++;
        }

        string word = text.Substring(begin, _offset - begin);
        switch (word)
        {
            case "true":
                _tokens.Add(new Token(TokenKind.True, start, word));
                break;
            case "false":
                _tokens.Add(new Token(TokenKind.False, start, word));
                break;
            case "":
                diagnostics.Report(DiagnosticRules.StrayCharacter, start, text[_offset] == '"'
                    ? "a double quote starts nothing here; put strings in single quotes"
                    : $"the character {Spell(text[_offset])} starts nothing; take it out");
                _offset++;
                break;
            default:
                diagnostics.Report(DiagnosticRules.StrayCharacter, start,
                    $"the word {word} means nothing here; put text in single quotes (only true and false stand without)");
                break;
        }
    }

    private void ReadText()
    {
        SourcePosition start = Position;
        _offset++;
        var value = new StringBuilder();
        while (true)
        {
            if (_offset == text.Length || text[_offset] == '\n')
            {
                diagnostics.Report(DiagnosticRules.UnclosedString, start,
                    "the string does not end on its line; close it with a single quote");
                break;
            }

            char character = text[_offset];
            if (character == '\'')
            {
                _offset++;
                break;
            }

            if (character == '\\' && _offset + 1 < text.Length && text[_offset + 1] is '\\' or '\'')
            {
                _offset++;
                character = text[_offset];
            }
            else if (character is '\\' or < ' ' or > '~')
            {
                diagnostics.Report(DiagnosticRules.StringCharacter, Position, character == '\\'
                    ? @"a backslash escapes only a backslash or a single quote; write \\ for the character itself"
                    : $"the string holds {Spell(character)}; use printable ASCII only");
            }

            value.Append(character);
            _offset++;
        }

        _tokens.Add(new Token(TokenKind.Text, start, value.ToString()));
    }

    private void ReadComment()
    {
        bool aloneOnLine = string.IsNullOrWhiteSpace(text.Substring(_lineStart, _offset - _lineStart));
        if (!aloneOnLine || CommentLine() != "#")
        {
            SkipLine();
            return;
        }

        SourcePosition start = Position;
        var lines = new StringBuilder();
        SkipLine();
        while (NextCommentLine() is { } line)
        {
            SkipLine();
            if (line == "#")
            {
                _tokens.Add(new Token(TokenKind.Documentation, start, lines.ToString()));
                return;
            }

            lines.Append(line.StartsWith(" ", StringComparison.Ordinal) ? line.Substring(1) : line).Append('\n');
        }

        diagnostics.Report(DiagnosticRules.UnclosedDocumentation, start,
            "the documentation block has no end; put a line ## after its last line, and # before every line in it");
    }

    /// <summary>The rest of the line behind a <c>#</c>, without blanks at its end.</summary>
    private string CommentLine()
    {
        int end = text.IndexOf('\n', _offset);
        return text.Substring(_offset + 1, (end < 0 ? text.Length : end) - _offset - 1).TrimEnd();
    }

    /// <summary>Goes to the next line and gives what is behind its <c>#</c>, or null when it is no comment line.</summary>
    private string? NextCommentLine()
    {
        if (_offset == text.Length)
        {
            return null;
        }

        int next = _offset + 1;
        while (next < text.Length && text[next] is ' ' or '\t')
        {
            next++;
        }

        if (next == text.Length || text[next] != '#')
        {
            return null;
        }

        _line++;
        _lineStart = _offset + 1;
        _offset = next;
        return CommentLine();
    }

    /// <summary>Goes to the line feed that ends this line, or to the end of the file.</summary>
    private void SkipLine()
    {
        int end = text.IndexOf('\n', _offset);
        _offset = end < 0 ? text.Length : end;
    }

    private static string Spell(char character) =>
        character is > ' ' and <= '~' ? $"'{character}'" : $"U+{(int)character:X4}";
}
