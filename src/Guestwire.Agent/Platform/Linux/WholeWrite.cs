using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Writes all that there is: write(2) may take less than it is given.</summary>
[SupportedOSPlatform("linux")]
internal static class WholeWrite
{
    /// <summary>Writes all bytes, in as many calls as it takes.</summary>
    /// <returns>False on an error, with <see cref="Errno.Last"/> set; how much was written is then unknown.</returns>
    internal static bool TryWrite(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Libc.Write(file, bytes);
            if (count < 0)
            {
                return false;
            }

            bytes = bytes[count..];
        }

        return true;
    }
}
