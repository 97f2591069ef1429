using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>A frozen filesystem, by an open descriptor of its own.</summary>
/// <param name="root">Any file on it.</param>
[SupportedOSPlatform("linux")]
internal sealed class FrozenFilesystem(SafeFileHandle root) : IFrozenFilesystem
{
    /// <inheritdoc/>
    public bool TryThaw() => TryThaw(root);

    /// <inheritdoc/>
    public void Dispose() => root.Dispose();

    /// <summary>Thaws the filesystem of an open file, once.</summary>
    /// <returns>False when it is not frozen.</returns>
    internal static bool TryThaw(SafeFileHandle file) => Libc.Ioctl(file, Libc.FITHAW, stackalloc byte[sizeof(int)]) == 0;
}
