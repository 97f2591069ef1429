using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Policy;

/// <summary>A name in an open folder: where something is made, removed or renamed. Calls from here go nowhere else, whoever moves links about meanwhile.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FilePlace : IDisposable
{
    private FilePlace(SafeFileHandle folder, string name)
    {
        Folder = folder;
        Name = name;
    }

    /// <summary>The folder.</summary>
    internal SafeFileHandle Folder { get; }

    /// <summary>The name in there, without a slash at its end; without rules it may be a path.</summary>
    internal string Name { get; }

    /// <summary>A place that no rule limits.</summary>
    internal static FilePlace Anywhere(string path) =>
        new(new SafeFileHandle(Libc.AT_FDCWD, ownsHandle: false), path.TrimEnd('/') is { Length: > 0 } name ? name : path);

    /// <summary>A place in a folder that a rule names or that lies beneath one.</summary>
    internal static FilePlace In(SafeFileHandle folder, string name) => new(folder, name);

    /// <inheritdoc/>
    public void Dispose() => Folder.Dispose();
}
