namespace Guestwire.Fuzz.Tests;

/// <summary>A folder for the findings of one test.</summary>
internal sealed class FindingsOfTest : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("guestwire-fuzz-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
