namespace Guestwire.Bench;

/// <summary>Where the files lie that agents read and write, and how large they may be.</summary>
/// <param name="Folder">As the agent sees it.</param>
/// <param name="FileBytes">Size of a data file.</param>
/// <param name="IsHere">False in a guest, where only its agent can make files.</param>
/// <param name="Description">For the table.</param>
internal sealed record DataPlace(string Folder, int FileBytes, bool IsHere, string Description) : IDisposable
{
    // Nothing in it is like anything else in it, so a chunk at a wrong place shows.
    private static readonly byte[] Content = MakeContent(64 << 20);

    /// <summary>What data files hold.</summary>
    internal ReadOnlySpan<byte> Bytes => Content.AsSpan(0, FileBytes);

    /// <summary>A new folder on this machine.</summary>
    internal static DataPlace MakeHere() => new(
        TemporaryFolder.Make(), Content.Length, IsHere: true,
        TemporaryFolder.Parent + (TemporaryFolder.IsInMemory ? ", a tmpfs" : ": no tmpfs, so its disk has a say"));

    /// <summary>The guest's own root, which is in its memory.</summary>
    internal static DataPlace MakeInGuest() => new("/tmp", 16 << 20, IsHere: false, "the guest's /tmp, in its memory");

    /// <summary>Makes a file, through the agent if there is no other way.</summary>
    /// <returns>Its path.</returns>
    internal string PutFile(Connection agent, string name, ReadOnlySpan<byte> bytes)
    {
        string path = Path.Combine(Folder, name);
        if (IsHere)
        {
            File.WriteAllBytes(path, bytes);
            return path;
        }

        long handle = Requests.ReadNumber(agent.Ask(Requests.FileOpen(path, "w")));
        for (int at = 0; at < bytes.Length; at += 1 << 20)
        {
            agent.Ask(Requests.FileWrite(handle, bytes.Slice(at, Math.Min(1 << 20, bytes.Length - at))));
        }

        agent.Ask(Requests.FileClose(handle));
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsHere)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static byte[] MakeContent(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(1).NextBytes(content);
        return content;
    }
}
