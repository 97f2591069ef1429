using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

// What reads facts about the system. Layouts are those of 64-bit Linux, the same in glibc and musl on every architecture
// that the agent is built for.
internal static partial class Libc
{
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;

    /// <summary>Hardware addresses. Source: packet(7), bits/socket.h.</summary>
    internal const int AF_PACKET = 17;
    internal const int SOCK_DGRAM = 2;

    /// <summary>Number of clock ticks in a second, for sysconf(3). Source: bits/confname.h.</summary>
    internal const int SC_CLK_TCK = 2;

    /// <summary>The longest path that realpath(3) writes, the final zero included. Source: linux/limits.h.</summary>
    internal const int PATH_MAX = 4096;

    /// <summary>Hardware address of an interface, into a <c>struct ifreq</c>. Source: linux/sockios.h, netdevice(7).</summary>
    internal const nuint SIOCGIFHWADDR = 0x8927;

    /// <summary><c>_IOWR('N', 0x41, struct nvme_admin_cmd)</c>. Source: linux/nvme_ioctl.h.</summary>
    internal const nuint NVME_IOCTL_ADMIN_CMD = 0xC0484E41;

    [LibraryImport(Library, EntryPoint = "opendir", SetLastError = true)]
    internal static partial DirectoryHandle OpenDir([MarshalUsing(typeof(PathMarshaller))] string path);

    /// <returns>A <c>struct dirent</c> that lives until the next call, or zero at the end.</returns>
    [LibraryImport(Library, EntryPoint = "readdir", SetLastError = true)]
    internal static partial nint ReadDir(DirectoryHandle directory);

    [LibraryImport(Library, EntryPoint = "closedir")]
    internal static partial int CloseDir(nint directory);

    /// <returns>The directory's descriptor, which goes with it.</returns>
    [LibraryImport(Library, EntryPoint = "dirfd", SetLastError = true)]
    internal static partial int DescriptorOf(DirectoryHandle directory);

    [LibraryImport(Library, EntryPoint = "faccessat", SetLastError = true)]
    private static partial int AccessAt(int directory, ReadOnlySpan<byte> path, int mode, int flags);

    /// <param name="status">A <c>struct statfs</c>, of 120 bytes; its first eight are the magic number of the filesystem. Source: asm-generic/statfs.h.</param>
    [LibraryImport(Library, EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int FileStatFs(int file, Span<long> status);

    /// <summary>Source: linux/magic.h.</summary>
    private const long SYSFS_MAGIC = 0x62656572;

    /// <summary>Whether a directory is the kernel's own, and not a tree of files that somebody put in its place.</summary>
    internal static bool IsSysfs(DirectoryHandle directory)
    {
        Span<long> status = stackalloc long[32];
        return FileStatFs(DescriptorOf(directory), status) == 0 && status[0] == SYSFS_MAGIC;
    }

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int directory, ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true)]
    private static partial int OpenBriefly([MarshalUsing(typeof(PathMarshaller))] string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int file, Span<byte> buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "close")]
    private static partial int Close(int file);

    private const int BriefFlags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

    /// <summary>Opens a file, reads it once and closes it: for attributes, of which one request may read hundreds.</summary>
    /// <param name="path">The file; a FIFO or a device without data never blocks.</param>
    /// <param name="content">Gets as much as fits.</param>
    /// <param name="errno">Why it could not be read; 0 when it could.</param>
    /// <returns>The number of bytes, or -1.</returns>
    internal static int ReadOnce(string path, Span<byte> content, out int errno) =>
        ReadAndClose(OpenBriefly(path, BriefFlags, 0), content, out errno);

    /// <summary>The same for a file below a directory.</summary>
    /// <param name="path">The path from there, a zero at its end.</param>
    internal static int ReadOnce(DirectoryHandle directory, ReadOnlySpan<byte> path, Span<byte> content, out int errno) =>
        ReadAndClose(OpenAt(DescriptorOf(directory), path, BriefFlags, 0), content, out errno);

    /// <summary>Whether there is something of that name below a directory.</summary>
    /// <param name="path">The path from there, a zero at its end.</param>
    /// <param name="errno">What kept us from finding out; 0 when nothing did.</param>
    internal static bool Exists(DirectoryHandle directory, ReadOnlySpan<byte> path, out int errno)
    {
        bool exists = AccessAt(DescriptorOf(directory), path, 0, 0) == 0;
        errno = exists || Errno.Last == Errno.ENOENT ? 0 : Errno.Last;
        return exists;
    }

    // The descriptor is opened for this method and never leaves it, so it needs no handle, nor the finalizer that a handle brings.
    private static int ReadAndClose(int file, Span<byte> content, out int errno)
    {
        nint count = file < 0 ? -1 : Read(file, content, (nuint)content.Length);
        while (file >= 0 && count < 0 && Errno.Last == Errno.EINTR)
        {
            count = Read(file, content, (nuint)content.Length);
        }

        errno = count < 0 ? Errno.Last : 0;
        if (file >= 0)
        {
            Close(file);
        }

        return (int)count;
    }

    [LibraryImport(Library, EntryPoint = "readlink", SetLastError = true)]
    internal static partial nint ReadLink([MarshalUsing(typeof(PathMarshaller))] string path, Span<byte> target, nuint size);

    /// <param name="path">The path to resolve.</param>
    /// <param name="resolved">At least <see cref="PATH_MAX"/> bytes.</param>
    /// <returns>Zero when it failed.</returns>
    [LibraryImport(Library, EntryPoint = "realpath", SetLastError = true)]
    internal static partial nint RealPath([MarshalUsing(typeof(PathMarshaller))] string path, Span<byte> resolved);

    [LibraryImport(Library, EntryPoint = "statvfs", SetLastError = true)]
    internal static partial int StatVfs([MarshalUsing(typeof(PathMarshaller))] string path, out FilesystemStatus status);

    /// <param name="name">A <c>struct utsname</c>: six texts of <see cref="UtsNameFieldBytes"/> bytes.</param>
    [LibraryImport(Library, EntryPoint = "uname", SetLastError = true)]
    internal static partial int UName(Span<byte> name);

    /// <summary>Size of a text in <c>struct utsname</c>, in bytes. Source: linux/utsname.h.</summary>
    internal const int UtsNameFieldBytes = 65;

    [LibraryImport(Library, EntryPoint = "getloadavg", SetLastError = true)]
    internal static partial int GetLoadAvg(Span<double> averages, int count);

    [LibraryImport(Library, EntryPoint = "sysconf", SetLastError = true)]
    internal static partial nint SysConf(int name);

    [LibraryImport(Library, EntryPoint = "tzset")]
    internal static partial void TzSet();

    /// <returns>Zero when it failed.</returns>
    [LibraryImport(Library, EntryPoint = "localtime_r", SetLastError = true)]
    internal static partial nint LocalTime(in long secondsSinceEpoch, out BrokenDownTime time);

    [LibraryImport(Library, EntryPoint = "getifaddrs", SetLastError = true)]
    internal static partial int GetIfAddrs(out InterfaceAddressesHandle addresses);

    [LibraryImport(Library, EntryPoint = "freeifaddrs")]
    internal static partial void FreeIfAddrs(nint addresses);

    [LibraryImport(Library, EntryPoint = "inet_ntop", SetLastError = true)]
    internal static partial nint InetNToP(int family, ReadOnlySpan<byte> address, Span<byte> text, uint size);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(SafeFileHandle file, nuint request, Span<byte> argument);

    /// <summary><c>struct statvfs</c>, as far as it is read. Source: statvfs(3), bits/statvfs.h.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    internal struct FilesystemStatus
    {
        internal ulong BlockSizeBytes;

        /// <summary>The unit, in bytes, of the three numbers below.</summary>
        internal ulong FragmentSizeBytes;
        internal ulong Blocks;
        internal ulong FreeBlocks;

        /// <summary>Free blocks that an ordinary user may take.</summary>
        internal ulong AvailableBlocks;
    }

    /// <summary><c>struct tm</c>, as far as it is read. Source: time.h.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    internal struct BrokenDownTime
    {
        /// <summary>Seconds east of UTC.</summary>
        [FieldOffset(40)]
        internal long OffsetSeconds;

        /// <summary>The abbreviation of the time zone, a C string of the library's own.</summary>
        [FieldOffset(48)]
        internal nint Zone;
    }
}
