using System.Globalization;

namespace Guestwire.Cli.Diagnosis;

/// <summary>Which processes have sockets open, as <c>/proc/PID/fd</c> tells: of other users' processes only to root.</summary>
internal static class SocketHolders
{
    private const string LinkStart = "socket:[";

    /// <summary>The processes that hold any of these, by name and number, ours not.</summary>
    internal static IReadOnlyList<string> Find(IReadOnlyCollection<ulong> inodes)
    {
        List<string> holders = [];
        if (inodes.Count == 0 || !Directory.Exists("/proc"))
        {
            return holders;
        }

        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && pid != Environment.ProcessId
                && Holds(folder, inodes))
            {
                holders.Add($"{NameOf(folder)} (pid {pid})");
            }
        }

        return holders;
    }

    private static bool Holds(string folder, IReadOnlyCollection<ulong> inodes)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(folder, "fd")).EnumerateFileSystemInfos().Any(entry =>
                entry.LinkTarget is { } target
                && target.StartsWith(LinkStart, StringComparison.Ordinal)
                && ulong.TryParse(target.AsSpan(LinkStart.Length).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
                && inodes.Contains(inode));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or somebody else's.
            return false;
        }
    }

    private static string NameOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "a process";
        }
    }
}
