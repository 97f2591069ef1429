namespace Guestwire.Agent.Platform.Linux;

/// <summary>Mountpoints of filesystems that may not answer: what is on or below them may not be reached. All from one table.</summary>
internal ref struct DoubtfulMountpoints()
{
    // Without the slash of the root at its end, so that the root is the empty text.
    private readonly HashSet<string> _paths = [];
    private ReadOnlySpan<byte> _last;

    /// <summary>Adds a mountpoint, as a field of the table.</summary>
    internal void Add(ReadOnlySpan<byte> field)
    {
        // A dozen lines of the table are below /sys, one after the other; the first of them stands for all.
        ReadOnlySpan<byte> path = field.TrimEnd((byte)'/');
        if (_paths.Count == 0 || !IsAbove(_last, path))
        {
            _paths.Add(MountText.Decode(path));
            _last = path;
        }
    }

    /// <summary>Whether one of them lies on the way to a path, or is the path itself.</summary>
    internal readonly bool AreOnTheWayTo(string path)
    {
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> paths = _paths.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 0; i <= path.Length; i++)
        {
            if ((i == path.Length || path[i] == '/') && paths.Contains(path.AsSpan(0, i)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAbove(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> path) =>
        path.StartsWith(folder) && (path.Length == folder.Length || path[folder.Length] == (byte)'/');
}
