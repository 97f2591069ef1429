using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Which platforms a condition of the schema holds on.</summary>
internal static class Platforms
{
    /// <summary>The platforms, by their names in C#, with the symbols that are defined on them.</summary>
    internal static readonly (string Name, string[] Symbols)[] All =
    [
        ("Linux", ["CONFIG_LINUX", "CONFIG_POSIX"]),
        ("Windows", ["CONFIG_WIN32"]),
        ("FreeBsd", ["CONFIG_FREEBSD", "CONFIG_POSIX"]),
    ];

    /// <summary>The names of the platforms on which a condition holds; all of them when there is none.</summary>
    internal static IEnumerable<string> Of(Condition? condition) =>
        All.Where(platform => condition is null || Holds(condition.Text, platform.Symbols)).Select(platform => platform.Name);

    /// <summary>The symbols in a condition that no platform knows.</summary>
    internal static IEnumerable<string> UnknownSymbols(Condition? condition)
    {
        string text = condition?.Text ?? "";
        foreach (string word in text.Split([' ', ',', '(', ')'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word is not ("all" or "any" or "not") && !All.Any(platform => platform.Symbols.Contains(word)))
            {
                yield return word;
            }
        }
    }

    private static bool Holds(string condition, string[] symbols)
    {
        int position = 0;
        return Holds(condition, ref position, symbols);
    }

    // condition = symbol | ("all" | "any" | "not") "(" condition { "," condition } ")"
    private static bool Holds(string text, ref int position, string[] symbols)
    {
        string word = Word(text, ref position);
        if (position == text.Length || text[position] != '(')
        {
            return symbols.Contains(word);
        }

        bool holds = word != "any";
        do
        {
            position++;
            bool part = Holds(text, ref position, symbols);
            holds = word switch
            {
                "all" => holds && part,
                "any" => holds || part,
                _ => !part,
            };
        }
        while (position < text.Length && text[position] == ',');

        position++;
        return holds;
    }

    private static string Word(string text, ref int position)
    {
        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }

        int start = position;
        while (position < text.Length && text[position] is not ('(' or ')' or ','))
        {
            position++;
        }

        return text.Substring(start, position - start).Trim();
    }
}
