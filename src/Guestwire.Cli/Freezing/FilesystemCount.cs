namespace Guestwire.Cli.Freezing;

/// <summary>Numbers of filesystems, for people.</summary>
internal static class FilesystemCount
{
    /// <summary>With the word behind it.</summary>
    internal static string Text(long count) => count == 1 ? "1 filesystem" : $"{count} filesystems";
}
