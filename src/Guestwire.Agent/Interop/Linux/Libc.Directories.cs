using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>Names in directories, and what they stand for: each call from an open directory. Names that the kernel told are bytes, a zero at their end.</summary>
internal static partial class Libc
{
    // Source: linux/fcntl.h, linux/fs.h, linux/stat.h.
    internal const int AT_REMOVEDIR = 0x200;
    internal const int AT_NO_AUTOMOUNT = 0x800;
    internal const uint RENAME_NOREPLACE = 1;
    internal const ushort S_IFDIR = 0x4000;
    internal const ushort S_IFLNK = 0xA000;
    internal const ushort S_IFCHR = 0x2000;
    internal const ushort S_IFIFO = 0x1000;
    internal const ushort S_ISUID = 0x800;
    internal const ushort S_ISGID = 0x400;

    /// <summary>Leaves a time as it is. Source: utimensat(2).</summary>
    internal const long UTIME_OMIT = (1L << 30) - 2;

    /// <summary>Leaves an owner as it is. Source: chown(2).</summary>
    internal const uint SameOwner = uint.MaxValue;

    [LibraryImport(Library, EntryPoint = "getdents64", SetLastError = true)]
    internal static partial nint ReadDirectory(SafeFileHandle directory, Span<byte> entries, nuint size);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)]
    internal static partial int StatAt(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags, uint mask, out StatX result);

    [LibraryImport(Library, EntryPoint = "readlinkat", SetLastError = true)]
    internal static partial nint ReadLinkAt(SafeFileHandle directory, ReadOnlySpan<byte> name, Span<byte> target, nuint size);

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    internal static partial SafeFileHandle OpenAt(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true)]
    internal static partial int UnlinkAt(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags);

    [LibraryImport(Library, EntryPoint = "renameat2", SetLastError = true)]
    internal static partial int RenameAt(
        SafeFileHandle fromDirectory,
        [MarshalUsing(typeof(PathMarshaller))] string from,
        SafeFileHandle toDirectory,
        [MarshalUsing(typeof(PathMarshaller))] string to,
        uint flags);

    [LibraryImport(Library, EntryPoint = "symlinkat", SetLastError = true)]
    internal static partial int SymbolicLinkAt(
        [MarshalUsing(typeof(PathMarshaller))] string target, SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string name);

    [LibraryImport(Library, EntryPoint = "linkat", SetLastError = true)]
    internal static partial int HardLinkAt(
        SafeFileHandle fromDirectory,
        [MarshalUsing(typeof(PathMarshaller))] string from,
        SafeFileHandle toDirectory,
        [MarshalUsing(typeof(PathMarshaller))] string to,
        int flags);

    [LibraryImport(Library, EntryPoint = "fchownat", SetLastError = true)]
    internal static partial int ChangeOwnerAt(
        SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string name, uint userId, uint groupId, int flags);

    [LibraryImport(Library, EntryPoint = "chmod", SetLastError = true)]
    internal static partial int ChangeMode([MarshalUsing(typeof(PathMarshaller))] string path, uint mode);

    [LibraryImport(Library, EntryPoint = "truncate", SetLastError = true)]
    internal static partial int Truncate([MarshalUsing(typeof(PathMarshaller))] string path, long length);

    /// <param name="times">That of the last reading, that of the last change.</param>
    [LibraryImport(Library, EntryPoint = "utimensat", SetLastError = true)]
    internal static partial int SetTimesAt(
        SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string name, ReadOnlySpan<Timespec> times, int flags);
}
