using System.Runtime.InteropServices;
using System.Text;

namespace Guestwire.Agent.Interop.Linux;

/// <summary><c>struct dirent</c> of 64-bit Linux. Source: dirent.h of glibc and of musl.</summary>
internal static class DirectoryEntry
{
    // Inode and offset of 8 bytes, length of 2, type of 1.
    private const int NameOffset = 19;

    /// <summary>The name in an entry that readdir(3) returned.</summary>
    internal static string NameOf(nint entry) => Encoding.UTF8.GetString(BytesOf(entry));

    /// <summary>The same as it stands there, without the zero at its end; valid for as long as the entry is.</summary>
    // Unsafe: the C library ends each name with a zero.
    internal static unsafe ReadOnlySpan<byte> BytesOf(nint entry) => MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)entry + NameOffset);
}
