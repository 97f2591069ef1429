namespace Guestwire.Agent.Platform.Linux;

/// <summary>Where a program is looked for, as execvp(3) does.</summary>
internal static class ProgramSearch
{
    /// <summary>Directories in which a program is looked for; our own limit, so that no PATH keeps the agent searching for minutes.</summary>
    private const int MaxDirectories = 256;

    private const string PathVariable = "PATH";

    /// <summary>The files that a program may be, in the order in which they are tried.</summary>
    /// <param name="path">The program; one with a slash is tried as it is.</param>
    /// <param name="directories">The directories, with colons between.</param>
    internal static IEnumerable<string> Candidates(string path, string directories)
    {
        if (path.Length == 0)
        {
            yield break;
        }

        if (path.Contains('/', StringComparison.Ordinal))
        {
            yield return path;
            yield break;
        }

        for (int i = 0, start = 0; i < MaxDirectories && start >= 0; i++)
        {
            int colon = directories.IndexOf(':', start);
            string directory = colon < 0 ? directories[start..] : directories[start..colon];
            yield return directory.Length == 0 ? path : $"{directory}/{path}";
            start = colon < 0 ? -1 : colon + 1;
        }
    }

    /// <summary>The PATH of an environment; null when it has none.</summary>
    /// <param name="environment">The environment; null for the agent's.</param>
    internal static string? DirectoriesOf(IReadOnlyList<string>? environment)
    {
        if (environment is null)
        {
            return Environment.GetEnvironmentVariable(PathVariable);
        }

        foreach (string entry in environment)
        {
            if (entry.StartsWith(PathVariable + "=", StringComparison.Ordinal))
            {
                return entry[(PathVariable.Length + 1)..];
            }
        }

        return null;
    }
}
