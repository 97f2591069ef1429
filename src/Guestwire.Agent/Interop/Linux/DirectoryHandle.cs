using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>A directory being read. Source: opendir(3).</summary>
[SupportedOSPlatform("linux")]
internal sealed class DirectoryHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.CloseDir(handle) == 0;
}
