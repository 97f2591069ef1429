using System.Buffers.Text;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>The kernel's release as uname(2) tells it, <c>6.1.0-18-amd64</c>: its first two numbers say what it can do.</summary>
[SupportedOSPlatform("linux")]
internal static class KernelRelease
{
    /// <summary>That of the kernel that runs.</summary>
    /// <returns>Null when it cannot be told.</returns>
    internal static Version? OfThisSystem()
    {
        // System, node, release.
        Span<byte> name = stackalloc byte[6 * Libc.UtsNameFieldBytes];
        return Libc.UName(name) == 0 ? TryParse(name.Slice(2 * Libc.UtsNameFieldBytes, Libc.UtsNameFieldBytes)) : null;
    }

    /// <summary>Reads a release.</summary>
    /// <returns>Null when it does not begin with two numbers.</returns>
    internal static Version? TryParse(ReadOnlySpan<byte> release) =>
        Utf8Parser.TryParse(release, out ushort major, out int length) && release[length..].StartsWith("."u8)
            && Utf8Parser.TryParse(release[(length + 1)..], out ushort minor, out _)
            ? new Version(major, minor)
            : null;
}
