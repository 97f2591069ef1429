namespace Qapi.Syntax;

/// <summary>Paths of included files.</summary>
internal static class IncludePath
{
    /// <summary>
    /// The path of an included file: behind the folder of the file that includes it, with <c>.</c> and <c>..</c> taken out
    /// of what was written. The folder keeps the separators it came with, so the caller finds its own path again.
    /// </summary>
    internal static string Resolve(string includingFile, string written)
    {
        if (written.StartsWith("/", StringComparison.Ordinal))
        {
            return written;
        }

        int folderLength = includingFile.LastIndexOfAny(['/', '\\']) + 1;
        char separator = folderLength > 0 ? includingFile[folderLength - 1] : '/';
        string folder = includingFile.Substring(0, folderLength);
        List<string> parts = [.. folder.Split('/', '\\')];
        parts.RemoveAt(parts.Count - 1);
        foreach (string part in written.Split('/'))
        {
            bool canGoUp = parts.Count > 0 && parts[parts.Count - 1] is not (".." or "");
            if (part == ".." && canGoUp)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ""))
            {
                parts.Add(part);
            }
        }

        return string.Join(separator.ToString(), parts);
    }
}
