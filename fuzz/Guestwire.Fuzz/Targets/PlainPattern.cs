namespace Guestwire.Fuzz.Targets;

/// <summary>
/// Patterns as docs/policy.md describes them, matched in the plainest way: each wildcard tries every length. Slow for long ones, and right on sight.
/// </summary>
internal static class PlainPattern
{
    /// <summary>Whether an argument fits a pattern.</summary>
    internal static bool Matches(string pattern, string argument)
    {
        bool beginsWithWildcard = pattern.StartsWith('*') || pattern.StartsWith('?');
        bool namesWayUp = pattern.Split('/').Contains("..");
        bool goesUp = argument.Split('/').Contains("..");
        return !(beginsWithWildcard && argument.StartsWith('-'))
            && !(goesUp && !namesWayUp)
            && Fits(pattern, 0, argument, 0, new bool?[pattern.Length + 1, argument.Length + 1]);
    }

    private static bool Fits(string pattern, int p, string argument, int a, bool?[,] known)
    {
        return known[p, a] ??= Try();

        bool Try()
        {
            if (p == pattern.Length)
            {
                return a == argument.Length;
            }

            switch (pattern[p])
            {
                case '*':
                    bool isAny = p + 1 < pattern.Length && pattern[p + 1] == '*';
                    int next = p + (isAny ? 2 : 1);
                    for (int end = a; ; end++)
                    {
                        if (Fits(pattern, next, argument, end, known))
                        {
                            return true;
                        }

                        if (end == argument.Length || (!isAny && argument[end] == '/') || IsOfWayUp(argument, end))
                        {
                            return false;
                        }
                    }

                case '?':
                    return a < argument.Length && argument[a] != '/' && !IsOfWayUp(argument, a) && Fits(pattern, p + 1, argument, a + 1, known);
                default:
                    int letter = pattern[p] == '\\' && p + 1 < pattern.Length ? p + 1 : p;
                    return a < argument.Length && argument[a] == pattern[letter] && Fits(pattern, letter + 1, argument, a + 1, known);
            }
        }
    }

    // One of the two dots of a component that is nothing else.
    private static bool IsOfWayUp(string argument, int at)
    {
        int start = at == 0 ? 0 : argument.LastIndexOf('/', at - 1) + 1;
        int end = argument.IndexOf('/', at);
        return argument[start..(end < 0 ? argument.Length : end)] == "..";
    }
}
