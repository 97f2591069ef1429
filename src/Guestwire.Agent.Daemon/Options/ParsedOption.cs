namespace Guestwire.Agent.Daemon.Options;

/// <summary>One option as it stood on the command line, or the reason why a word is none.</summary>
/// <param name="Code">The option's letter; <c>?</c> when <paramref name="Error"/> is set.</param>
/// <param name="Argument">Its argument, or null.</param>
/// <param name="Error">What getopt prints on stderr for this word, or null.</param>
internal readonly record struct ParsedOption(char Code, string? Argument, string? Error)
{
    /// <summary>An option that was understood.</summary>
    public static ParsedOption Of(OptionDefinition definition, string? argument) => new(definition.Code, argument, null);

    /// <summary>A word that was not.</summary>
    public static ParsedOption Wrong(string error) => new('?', null, error);
}
