using System.Runtime.InteropServices;

namespace Guestwire.Agent.Interop.Linux;

/// <summary><c>struct dirent</c> of 64-bit Linux. Source: dirent.h of glibc and of musl.</summary>
internal static class DirectoryEntry
{
    // Inode and offset of 8 bytes, length of 2, type of 1.
    private const int NameOffset = 19;

    /// <summary>The name in an entry that readdir(3) returned.</summary>
    internal static string NameOf(nint entry) => Marshal.PtrToStringUTF8(entry + NameOffset) ?? "";
}
