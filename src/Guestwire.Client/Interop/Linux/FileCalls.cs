using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Client.Interop.Linux;

/// <summary>The C library's calls on files that .NET does not have: nanoseconds, owners, blocks and holes.</summary>
[SupportedOSPlatform("linux")]
internal static partial class FileCalls
{
    private const string Library = "libc";

    // Errors. Source: asm-generic/errno-base.h.
    internal const int ENOENT = 2;
    internal const int ENXIO = 6;
    internal const int EEXIST = 17;

    // Source: linux/fcntl.h.
    internal const int AT_FDCWD = -100;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;

    /// <summary>All that stat(2) tells. Source: linux/stat.h.</summary>
    internal const uint STATX_BASIC_STATS = 0x7FF;

    // lseek(2). Source: linux/fs.h.
    internal const int SEEK_DATA = 3;

    /// <summary>The place of a time that stays as it is. Source: linux/stat.h.</summary>
    internal const long UTIME_OMIT = (1 << 30) - 2;

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Statx(int folder, string path, int flags, uint mask, out FileStatus status);

    [LibraryImport(Library, EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Utimensat(int folder, string path, ReadOnlySpan<TimeSpecification> accessedAndModified, int flags);

    [LibraryImport(Library, EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Lchown(string path, uint user, uint group);

    [LibraryImport(Library, EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Chmod(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "truncate", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Truncate(string path, long sizeBytes);

    [LibraryImport(Library, EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rename(string path, string to);

    [LibraryImport(Library, EntryPoint = "symlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Symlink(string target, string path);

    [LibraryImport(Library, EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Mkdir(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Lseek(SafeFileHandle file, long offset, int whence);

    /// <summary><c>struct statx</c>. Source: linux/stat.h; the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct FileStatus
    {
        [FieldOffset(16)]
        internal uint Links;

        [FieldOffset(20)]
        internal uint User;

        [FieldOffset(24)]
        internal uint Group;

        [FieldOffset(28)]
        internal ushort Mode;

        [FieldOffset(32)]
        internal ulong Inode;

        [FieldOffset(40)]
        internal long SizeBytes;

        /// <summary>Of 512 bytes.</summary>
        [FieldOffset(48)]
        internal long Blocks;

        [FieldOffset(64)]
        internal FileTime Accessed;

        [FieldOffset(96)]
        internal FileTime Changed;

        [FieldOffset(112)]
        internal FileTime Modified;

        [FieldOffset(136)]
        internal uint DeviceMajor;

        [FieldOffset(140)]
        internal uint DeviceMinor;
    }

    /// <summary><c>struct statx_timestamp</c>. Source: linux/stat.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FileTime
    {
        internal long Seconds;
        internal uint Nanoseconds;
        private readonly int _reserved;

        /// <summary>Nanoseconds since 1970 UTC.</summary>
        internal readonly long Total => (Seconds * 1_000_000_000) + Nanoseconds;
    }

    /// <summary><c>struct timespec</c> of a system of 64 bits, the only ones that a host is.</summary>
    /// <param name="Seconds">Since 1970 UTC.</param>
    /// <param name="Nanoseconds">0 to 999999999, or <see cref="UTIME_OMIT"/>.</param>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct TimeSpecification(long Seconds, long Nanoseconds)
    {
        /// <summary>From nanoseconds since 1970 UTC; null leaves the time as it is.</summary>
        internal static TimeSpecification Of(long? total) =>
            total is { } value ? new(Math.DivRem(value - Floor(value), 1_000_000_000).Quotient, Floor(value)) : new(0, UTIME_OMIT);

        // The rest of a division that rounds down: before 1970 too, nanoseconds count forward.
        private static long Floor(long value) => ((value % 1_000_000_000) + 1_000_000_000) % 1_000_000_000;
    }
}
