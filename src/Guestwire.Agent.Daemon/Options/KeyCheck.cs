using Guestwire.Agent.Policy;

namespace Guestwire.Agent.Daemon.Options;

/// <summary>
/// What a configuration file holds that nobody reads. The reference passes over it, and so it must stay for files written for the reference:
/// a warning. But a rule that is not read opens a door, so a file refuses to load when it has groups of ours and anything unknown besides,
/// and when a name is all but one that is known.
/// </summary>
internal static class KeyCheck
{
    /// <summary>So many letters more, fewer or other make a name a misspelt one.</summary>
    private const int MisspeltLetters = 2;

    /// <summary>Looks through a file.</summary>
    /// <param name="keys">The file.</param>
    /// <param name="general">The keys of group <c>general</c>.</param>
    /// <param name="warnings">Gets a line for what nobody reads.</param>
    /// <returns>Why the file cannot be used, or null.</returns>
    internal static string? Check(KeyFile keys, IReadOnlyList<string> general, List<string> warnings)
    {
        bool isOurs = false;
        foreach ((string group, _) in keys.Groups)
        {
            isOurs |= OwnKeys(group) is not null;
        }

        foreach ((string group, int line) in keys.Groups)
        {
            if (KnownKeys(group, general) is null)
            {
                string? meant = Closest(group, [ConfigurationFile.Group, PolicyGroups.Policy, FreezeGroup.Name])
                    ?? (group.StartsWith("exec", StringComparison.Ordinal) ? "exec NAME" : null);
                if (isOurs || meant is not null)
                {
                    return $"line {line}: unknown group '{group}'{Hint(meant)}";
                }
            }
        }

        HashSet<(string, string)> seen = [];
        foreach ((string group, string key, int line) in keys.Keys)
        {
            IReadOnlyList<string>? known = KnownKeys(group, general);
            if (known is not null && NameList.Has(known, key))
            {
                if (OwnKeys(group) is not null && !seen.Add((group, key)))
                {
                    return $"line {line}: key '{key}' of group '{group}' comes twice";
                }

                continue;
            }

            string? close = Closest(key, known ?? []);
            if (isOurs || close is not null)
            {
                return $"line {line}: unknown key '{key}' in group '{group}'{Hint(close)}";
            }

            warnings.Add($"configuration: nobody reads key '{key}' of group '{group}'");
        }

        return null;
    }

    private static IReadOnlyList<string>? KnownKeys(string group, IReadOnlyList<string> general) =>
        group == ConfigurationFile.Group ? general : OwnKeys(group);

    private static IReadOnlyList<string>? OwnKeys(string group) => group == FreezeGroup.Name ? FreezeGroup.Keys : PolicyGroups.KeysOf(group);

    private static string Hint(string? close) => close is null ? "" : $"; did you mean '{close}'?";

    private static string? Closest(string name, IReadOnlyList<string> known)
    {
        foreach (string candidate in known)
        {
            if (Distance(name, candidate) is > 0 and <= MisspeltLetters)
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>How many letters must be put in, left out or changed to make one name the other (Levenshtein's distance).</summary>
    private static int Distance(string one, string other)
    {
        int[] row = new int[other.Length + 1];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.Length; j++)
            {
                int changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
