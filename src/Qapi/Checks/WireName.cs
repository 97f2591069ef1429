namespace Qapi.Checks;

/// <summary>What names may look like.</summary>
internal static class WireName
{
    /// <summary>
    /// Whether a name is letters, digits, hyphens and underscores and starts with a letter. Extensions carry their owner's
    /// domain in front: <c>__org.example_name</c>.
    /// </summary>
    internal static bool IsValid(string name) => IsValid(name, mayStartWithDigit: false);

    /// <summary>As <see cref="IsValid(string)"/>; values of enumerations may start with a digit.</summary>
    internal static bool IsValidValue(string name) => IsValid(name, mayStartWithDigit: true);

    /// <summary>Whether a name keeps to lower case and hyphens, apart from the domain of an extension.</summary>
    internal static bool IsLowerCase(string name)
    {
        string own = WithoutDomain(name) ?? "";
        return own.All(character => character is not '_' and not (>= 'A' and <= 'Z'));
    }

    private static bool IsValid(string name, bool mayStartWithDigit) =>
        WithoutDomain(name) is { Length: > 0 } own
        && (IsLetter(own[0]) || (mayStartWithDigit && IsDigit(own[0])))
        && own.All(character => IsLetter(character) || IsDigit(character) || character is '-' or '_');

    /// <summary>The name behind its owner's domain; null when the domain is damaged.</summary>
    private static string? WithoutDomain(string name)
    {
        if (!name.StartsWith("__", StringComparison.Ordinal))
        {
            return name;
        }

        int end = name.IndexOf('_', 2);
        bool isDomain = end > 2 && IsLetter(name[2])
            && name.Substring(2, end - 2).All(character => IsLetter(character) || IsDigit(character) || character is '.' or '-');
        return isDomain ? name.Substring(end + 1) : null;
    }

    private static bool IsLetter(char character) => character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    private static bool IsDigit(char character) => character is >= '0' and <= '9';
}
