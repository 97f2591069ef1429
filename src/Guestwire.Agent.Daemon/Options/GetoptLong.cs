namespace Guestwire.Agent.Daemon.Options;

/// <summary>
/// Splits a command line by the rules of GNU <c>getopt_long</c>, which scripts that start the agent rely on:
/// <list type="bullet">
/// <item><description>options and operands mix freely, and <c>--</c> ends the options;</description></item>
/// <item><description><c>-dv</c> is <c>-d -v</c>; in <c>-dmX</c> the rest of the word is the argument of <c>-m</c>;</description></item>
/// <item><description><c>--name=x</c> and <c>--name x</c> are the same where an argument is required;</description></item>
/// <item><description>any prefix of a long name will do as long as all the names it could mean are the same option;</description></item>
/// <item><description>with <c>POSIXLY_CORRECT</c> in the environment the first operand ends the options.</description></item>
/// </list>
/// Operands are dropped: the agent has none. Source: getopt_long(3), and the messages of GNU libc.
/// </summary>
/// <param name="programName">What the messages begin with: the process's own zeroth argument.</param>
/// <param name="options">The options, in the order in which messages list them.</param>
/// <param name="operandEndsOptions">Whether <c>POSIXLY_CORRECT</c> is set.</param>
internal sealed class GetoptLong(string programName, IReadOnlyList<OptionDefinition> options, bool operandEndsOptions)
{
    /// <summary>Reads the words after the program's name, left to right; a wrong word does not stop it.</summary>
    public IReadOnlyList<ParsedOption> Parse(IReadOnlyList<string> words)
    {
        var parsed = new List<ParsedOption>();
        int next = 0;
        while (next < words.Count)
        {
            string word = words[next++];
            if (word == "--")
            {
                break;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                if (operandEndsOptions)
                {
                    break;
                }
            }
            else if (word[1] == '-')
            {
                parsed.Add(ParseLong(word, words, ref next));
            }
            else
            {
                ParseShorts(word, words, ref next, parsed);
            }
        }

        return parsed;
    }

    private ParsedOption ParseLong(string word, IReadOnlyList<string> words, ref int next)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word[2..] : word[2..equals];
        string? attached = equals < 0 ? null : word[(equals + 1)..];

        List<OptionDefinition> candidates = Candidates(name);
        if (candidates.Count == 0)
        {
            return Wrong($"unrecognized option '{word}'");
        }

        if (candidates.Count > 1)
        {
            string text = $"option '{word}' is ambiguous; possibilities:";
            foreach (OptionDefinition candidate in candidates)
            {
                text += $" '--{candidate.LongName}'";
            }

            return Wrong(text);
        }

        OptionDefinition option = candidates[0];
        if (attached is not null && option.Argument == OptionArgument.None)
        {
            return Wrong($"option '--{option.LongName}' doesn't allow an argument");
        }

        if (attached is null && option.Argument == OptionArgument.Required)
        {
            return next < words.Count
                ? ParsedOption.Of(option, words[next++])
                : Wrong($"option '--{option.LongName}' requires an argument");
        }

        return ParsedOption.Of(option, attached);
    }

    /// <summary>
    /// The options that <paramref name="name"/> may mean: the one of that very name, else all that begin with it, less
    /// those that are the same option as the first.
    /// </summary>
    private List<OptionDefinition> Candidates(string name)
    {
        var candidates = new List<OptionDefinition>();
        foreach (OptionDefinition option in options)
        {
            if (option.LongName == name)
            {
                return [option];
            }

            if (option.LongName.StartsWith(name, StringComparison.Ordinal)
                && (candidates.Count == 0 || candidates[0].Code != option.Code))
            {
                candidates.Add(option);
            }
        }

        return candidates;
    }

    private void ParseShorts(string word, IReadOnlyList<string> words, ref int next, List<ParsedOption> parsed)
    {
        for (int i = 1; i < word.Length; i++)
        {
            OptionDefinition? option = ByCode(word[i]);
            if (option is null)
            {
                parsed.Add(Wrong($"invalid option -- '{word[i]}'"));
                continue;
            }

            if (option.Argument == OptionArgument.None)
            {
                parsed.Add(ParsedOption.Of(option, null));
                continue;
            }

            string? argument = i + 1 < word.Length ? word[(i + 1)..] : null;
            if (argument is null && option.Argument == OptionArgument.Required)
            {
                if (next == words.Count)
                {
                    parsed.Add(Wrong($"option requires an argument -- '{option.Code}'"));
                    return;
                }

                argument = words[next++];
            }

            parsed.Add(ParsedOption.Of(option, argument));
            return;
        }
    }

    private OptionDefinition? ByCode(char code)
    {
        foreach (OptionDefinition option in options)
        {
            if (option.Code == code)
            {
                return option;
            }
        }

        return null;
    }

    private ParsedOption Wrong(string text) => ParsedOption.Wrong($"{programName}: {text}");
}
