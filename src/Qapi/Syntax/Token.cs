namespace Qapi.Syntax;

/// <summary>A piece of a schema file.</summary>
/// <param name="Text">A string's characters, or the lines of a documentation block without their <c>#</c>.</param>
internal sealed record Token(TokenKind Kind, SourcePosition Position, string Text)
{
    /// <summary>How a message names the token.</summary>
    internal string Spelling => Kind switch
    {
        TokenKind.OpenBrace => "'{'",
        TokenKind.CloseBrace => "'}'",
        TokenKind.OpenBracket => "'['",
        TokenKind.CloseBracket => "']'",
        TokenKind.Colon => "':'",
        TokenKind.Comma => "','",
        TokenKind.Text => $"the string '{Text}'",
        TokenKind.True => "true",
        TokenKind.False => "false",
        TokenKind.Documentation => "a documentation block",
        _ => "the end of the file",
    };
}
