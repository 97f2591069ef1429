namespace EndToEnd.Sandbox;

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder; short, because the paths of unix sockets are limited to 107 bytes.</summary>
    internal string Path { get; } = Directory.CreateTempSubdirectory("gw-").FullName;

    /// <summary>A path in the folder.</summary>
    internal string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
