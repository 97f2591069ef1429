using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>Files: what guest-file-* and the state directory need beyond open, read and write.</summary>
internal static partial class Libc
{
    internal const int SEEK_SET = 0;
    internal const int SEEK_CUR = 1;
    internal const int SEEK_END = 2;

    // Source: linux/stat.h, linux/fcntl.h.
    internal const int AT_FDCWD = -100;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const uint STATX_TYPE = 1;
    internal const uint STATX_MODE = 2;
    internal const uint STATX_UID = 8;
    internal const uint STATX_INO = 0x100;
    internal const uint STATX_MNT_ID = 0x1000;
    internal const ushort S_IFMT = 0xF000;
    internal const ushort S_IFSOCK = 0xC000;
    internal const ushort S_IFBLK = 0x6000;
    internal const ushort S_IFREG = 0x8000;
    internal const ushort S_ISVTX = 0x200;
    internal const ushort S_IWGRP = 0x10;
    internal const ushort S_IWOTH = 0x02;

    /// <summary>Read and written by its owner alone, 0600: S_IRUSR and S_IWUSR.</summary>
    internal const uint OwnerOnly = 0x180;

    /// <summary>Executable by anybody at all: S_IXUSR, S_IXGRP and S_IXOTH.</summary>
    internal const ushort S_IXANY = 0x49;

    /// <summary><c>struct statx</c>, as far as we look; the same on every architecture, unlike <c>struct stat</c>. Source: linux/stat.h.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatX
    {
        /// <summary>Which of the fields the kernel has filled in, a mask of STATX_.</summary>
        [FieldOffset(0)]
        internal uint Known;
        [FieldOffset(16)]
        internal uint Links;
        [FieldOffset(20)]
        internal uint UserId;
        [FieldOffset(24)]
        internal uint GroupId;
        [FieldOffset(28)]
        internal ushort Mode;
        [FieldOffset(32)]
        internal ulong Inode;
        [FieldOffset(40)]
        internal ulong SizeBytes;

        /// <summary>Space on the disk, in units of 512 bytes.</summary>
        [FieldOffset(48)]
        internal ulong Blocks;
        [FieldOffset(64)]
        internal StatXTime Accessed;
        [FieldOffset(96)]
        internal StatXTime Changed;
        [FieldOffset(112)]
        internal StatXTime Modified;

        /// <summary>The device that this file is, when it is one.</summary>
        [FieldOffset(128)]
        internal uint DeviceMajor;
        [FieldOffset(132)]
        internal uint DeviceMinor;

        /// <summary>The device that this file lies on.</summary>
        [FieldOffset(136)]
        internal uint FilesystemMajor;
        [FieldOffset(140)]
        internal uint FilesystemMinor;

        /// <summary>The mount through which it was reached, as <c>/proc/self/mountinfo</c> numbers it; since Linux 5.8.</summary>
        [FieldOffset(144)]
        internal ulong MountId;

        /// <summary>Whether this is a regular file.</summary>
        internal readonly bool IsRegularFile => (Mode & S_IFMT) == S_IFREG;

        /// <summary>Whether this is a directory.</summary>
        internal readonly bool IsDirectory => (Mode & S_IFMT) == S_IFDIR;

        /// <summary>Whether this is a symbolic link.</summary>
        internal readonly bool IsSymbolicLink => (Mode & S_IFMT) == S_IFLNK;

        /// <summary>Whether this is a block device.</summary>
        internal readonly bool IsBlockDevice => (Mode & S_IFMT) == S_IFBLK;

        /// <summary>Whether this is a socket.</summary>
        internal readonly bool IsSocket => (Mode & S_IFMT) == S_IFSOCK;
    }

    /// <summary><c>struct statx_timestamp</c>: since 1970 UTC. Source: linux/stat.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct StatXTime
    {
        internal long Seconds;
        internal uint Nanoseconds;
        private readonly int _reserved;
    }

    // Source: linux/openat2.h, asm-generic/unistd.h.
    internal const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    internal const ulong RESOLVE_BENEATH = 0x08;
    private const nint SYS_openat2 = 437;

    /// <summary><c>struct open_how</c>. Source: linux/openat2.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenHow
    {
        internal ulong Flags;
        internal ulong Mode;
        internal ulong Resolve;
    }

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(
        nint number, SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, in OpenHow how, nint size);

    /// <summary>openat2(2), since Linux 5.6: opens a file and watches where the path leads.</summary>
    internal static SafeFileHandle OpenAt2(SafeFileHandle directory, string path, in OpenHow how) =>
        new(SystemCall(SYS_openat2, directory, path, how, Marshal.SizeOf<OpenHow>()), ownsHandle: true);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(SafeFileHandle file, long offset, int whence);

    /// <summary>Descriptors that the process may have. Source: asm-generic/resource.h.</summary>
    internal const int RLIMIT_NOFILE = 7;

    /// <summary><c>struct rlimit</c> of 64-bit systems. Source: bits/resource.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct RLimit
    {
        internal ulong Soft;
        internal ulong Hard;
    }

    [LibraryImport(Library, EntryPoint = "getrlimit", SetLastError = true)]
    internal static partial int GetRLimit(int resource, out RLimit limit);

    [LibraryImport(Library, EntryPoint = "fchmod", SetLastError = true)]
    internal static partial int ChangeMode(SafeFileHandle file, uint mode);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Sync(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "rename", SetLastError = true)]
    internal static partial int Rename([MarshalUsing(typeof(PathMarshaller))] string from, [MarshalUsing(typeof(PathMarshaller))] string to);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)]
    internal static partial int Stat(int directory, [MarshalUsing(typeof(PathMarshaller))] string path, int flags, uint mask, out StatX result);
}
