namespace Guestwire.Agent.Daemon.Tests;

/// <summary>A directory for one test, gone with it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("guestwire-test-");

    /// <summary>The path of a name inside.</summary>
    public string this[string name] => Path.Combine(_directory.FullName, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
