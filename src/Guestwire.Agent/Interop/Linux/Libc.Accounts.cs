using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>Accounts, and files in directories that belong to somebody else: each step from an open directory.</summary>
internal static partial class Libc
{
    // open(2) flags. Source: asm-generic/fcntl.h, and asm/fcntl.h of the architectures that differ.
    internal const int O_PATH = 0x200000;

    // Source: linux/stat.h.
    internal const uint STATX_BASIC_STATS = 0x7FF;
    internal const ushort S_IRGRP = 0x20;
    internal const ushort S_IROTH = 0x4;

    internal static int O_DIRECTORY => HasFlagsOfArm ? 0x4000 : 0x10000;

    internal static int O_NOFOLLOW => HasFlagsOfArm ? 0x8000 : 0x20000;

    private static bool HasFlagsOfArm =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Ppc64le;

    /// <param name="name">The name of the account.</param>
    /// <param name="entry">What is known of it; its pointers lead into <paramref name="texts"/>.</param>
    /// <param name="texts">Gets the texts; memory that does not move.</param>
    /// <param name="size">How much of it may be used.</param>
    /// <param name="found">Zero when there is no such account.</param>
    /// <returns>An error number; 0 also when there is no such account.</returns>
    [LibraryImport(Library, EntryPoint = "getpwnam_r")]
    internal static partial int GetPwNam(
        [MarshalUsing(typeof(PathMarshaller))] string name, out Passwd entry, Span<byte> texts, nuint size, out nint found);

    /// <summary>As <see cref="GetPwNam"/>, by number.</summary>
    [LibraryImport(Library, EntryPoint = "getpwuid_r")]
    internal static partial int GetPwUid(uint userId, out Passwd entry, Span<byte> texts, nuint size, out nint found);

    /// <summary>As <see cref="GetPwNam"/>, for a group.</summary>
    [LibraryImport(Library, EntryPoint = "getgrnam_r")]
    internal static partial int GetGrNam(
        [MarshalUsing(typeof(PathMarshaller))] string name, out Group entry, Span<byte> texts, nuint size, out nint found);

    /// <summary>As <see cref="GetGrNam"/>, by number.</summary>
    [LibraryImport(Library, EntryPoint = "getgrgid_r")]
    internal static partial int GetGrGid(uint groupId, out Group entry, Span<byte> texts, nuint size, out nint found);

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    internal static partial SafeFileHandle OpenAt(
        SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true)]
    internal static partial int MakeDirectoryAt(SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, uint mode);

    [LibraryImport(Library, EntryPoint = "renameat", SetLastError = true)]
    internal static partial int RenameAt(
        SafeFileHandle fromDirectory,
        [MarshalUsing(typeof(PathMarshaller))] string from,
        SafeFileHandle toDirectory,
        [MarshalUsing(typeof(PathMarshaller))] string to);

    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true)]
    internal static partial int UnlinkAt(SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, int flags);

    [LibraryImport(Library, EntryPoint = "fchown", SetLastError = true)]
    internal static partial int ChangeOwner(SafeFileHandle file, uint userId, uint groupId);

    /// <summary><c>struct passwd</c> of 64-bit systems, the same in glibc and musl. Source: pwd.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Passwd
    {
        internal nint Name;
        internal nint Password;
        internal uint UserId;
        internal uint GroupId;
        internal nint Description;
        internal nint Home;
        internal nint Shell;
    }

    /// <summary><c>struct group</c> of 64-bit systems, the same in glibc and musl. Source: grp.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Group
    {
        internal nint Name;
        internal nint Password;
        internal uint GroupId;
        internal nint Members;
    }
}
