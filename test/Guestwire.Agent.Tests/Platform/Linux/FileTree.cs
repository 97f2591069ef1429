namespace Guestwire.Agent.Tests.Platform.Linux;

/// <summary>A tree of files below a temporary directory, shaped like /sys or /proc; gone when disposed.</summary>
internal sealed class FileTree : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("guestwire-").FullName;

    public FileTree File(string path, string text)
    {
        string full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.WriteAllText(full, text);
        return this;
    }

    public FileTree Folder(string path)
    {
        Directory.CreateDirectory(Path.Combine(Root, path));
        return this;
    }

    public FileTree Link(string path, string target)
    {
        string full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.CreateSymbolicLink(full, Path.Combine(Root, target));
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
