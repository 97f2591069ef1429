namespace EndToEnd.Sandbox;

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes one where temporary files go.</summary>
    internal TemporaryFolder()
        : this(Directory.CreateTempSubdirectory("gw-").FullName)
    {
    }

    private TemporaryFolder(string path) => Path = path;

    /// <summary>The folder; short, because the paths of unix sockets are limited to 107 bytes.</summary>
    internal string Path { get; }

    /// <summary>Makes one in memory, for large files that no disk shall slow down.</summary>
    internal static TemporaryFolder InMemory() => new(Directory.CreateDirectory($"/dev/shm/gw-{Guid.NewGuid():N}").FullName);

    /// <summary>A path in the folder.</summary>
    internal string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
