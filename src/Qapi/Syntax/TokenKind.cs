namespace Qapi.Syntax;

/// <summary>The kinds of token.</summary>
internal enum TokenKind
{
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Colon,
    Comma,
    Text,
    True,
    False,
    Documentation,
    End,
}
