using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>The C library: what more than one part of the agent calls. Other parts stand beside this file, by topic.</summary>
[SupportedOSPlatform("linux")]
internal static partial class Libc
{
    private const string Library = "libc";

    // open(2) flags. Source: asm-generic/fcntl.h; the same on every architecture that .NET runs on, but for O_DIRECTORY and O_NOFOLLOW.
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_NOCTTY = 0x100;
    internal const int O_TRUNC = 0x200;
    internal const int O_APPEND = 0x400;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int O_ACCMODE = 3;

    // fcntl(2) commands. Source: asm-generic/fcntl.h.
    internal const int F_SETFD = 2;
    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;
    internal const int FD_CLOEXEC = 1;

    // mallopt(3) parameters. Source: malloc.h.
    internal const int M_MMAP_THRESHOLD = -3;
    internal const int M_ARENA_MAX = -8;

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true)]
    internal static partial SafeFileHandle Open([MarshalUsing(typeof(PathMarshaller))] string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(SafeFileHandle file, Span<byte> buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Fcntl(SafeFileHandle file, int command, nint argument);

    [LibraryImport(Library, EntryPoint = "mallopt")]
    internal static partial int MallOpt(int parameter, int value);

    /// <summary>Gives memory that was freed back to the system. Source: malloc_trim(3).</summary>
    [LibraryImport(Library, EntryPoint = "malloc_trim")]
    internal static partial int MallocTrim(nuint kept);

    [LibraryImport(Library, EntryPoint = "strerror", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint StrErrorPointer(int errno);

    internal static string StrError(int errno) => Marshal.PtrToStringUTF8(StrErrorPointer(errno)) ?? "";

    /// <summary>Reads what there is, again when a signal came between.</summary>
    /// <returns>The number of bytes, 0 at the end, or -1 with <see cref="Errno.Last"/> set.</returns>
    internal static int Read(SafeFileHandle file, Span<byte> buffer)
    {
        nint count;
        do
        {
            count = Read(file, buffer, (nuint)buffer.Length);
        }
        while (count < 0 && Errno.Last == Errno.EINTR);

        return (int)count;
    }

    /// <summary>Writes what fits, again when a signal came between.</summary>
    /// <returns>The number of bytes, or -1 with <see cref="Errno.Last"/> set.</returns>
    internal static int Write(SafeFileHandle file, ReadOnlySpan<byte> buffer)
    {
        nint count;
        do
        {
            count = Write(file, buffer, (nuint)buffer.Length);
        }
        while (count < 0 && Errno.Last == Errno.EINTR);

        return (int)count;
    }
}
