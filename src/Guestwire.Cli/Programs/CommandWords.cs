using System.CommandLine;
using System.CommandLine.Parsing;

namespace Guestwire.Cli.Programs;

/// <summary>Command lines of the form <c>GUEST… -- PROGRAM ARGUMENT…</c>.</summary>
internal static class CommandWords
{
    /// <summary>Parts what stands before the two dashes from what stands behind them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="words">All of its words that are no options.</param>
    internal static (string[] Guests, string[] Program) Split(ParseResult parsed, string[] words)
    {
        int count = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Count();
        return (words[..^count], words[^count..]);
    }
}
