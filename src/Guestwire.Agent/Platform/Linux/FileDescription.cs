using System.Runtime.Versioning;
using System.Text;
using System.Text.Unicode;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>What the filesystem knows of a file, in the words of the wire.</summary>
[SupportedOSPlatform("linux")]
internal static class FileDescription
{
    private const int ModeBits = 0xFFF; // 07777
    private const int BytesPerBlock = 512;

    /// <summary>Describes a name in an open directory, or the open file itself when the name is empty. A link is not followed.</summary>
    /// <param name="directory">The directory, or the file.</param>
    /// <param name="name">The name, a zero at its end.</param>
    /// <param name="names">Names of owners.</param>
    /// <returns>Null when the system refused.</returns>
    internal static GuestwireFileStatus? TryDescribe(SafeFileHandle directory, ReadOnlySpan<byte> name, AccountNames names)
    {
        const int Flags = Libc.AT_SYMLINK_NOFOLLOW | Libc.AT_NO_AUTOMOUNT | Libc.AT_EMPTY_PATH;
        if (Libc.StatAt(directory, name, Flags, Libc.STATX_BASIC_STATS, out Libc.StatX status) < 0)
        {
            return null;
        }

        return new GuestwireFileStatus
        {
            Type = TypeOf(status.Mode),
            Mode = status.Mode & ModeBits,
            UserId = status.UserId,
            GroupId = status.GroupId,
            User = names.OfUser(status.UserId),
            Group = names.OfGroup(status.GroupId),
            SizeBytes = (long)status.SizeBytes,
            AllocatedBytes = (long)status.Blocks * BytesPerBlock,
            ModifiedNs = Nanoseconds(status.Modified),
            AccessedNs = Nanoseconds(status.Accessed),
            ChangedNs = Nanoseconds(status.Changed),
            Links = status.Links,
            Device = DeviceNumber(status.FilesystemMajor, status.FilesystemMinor),
            Inode = status.Inode,
            Target = status.IsSymbolicLink ? TargetOf(directory, name) : null,
        };
    }

    /// <summary>What stands for a file of which the filesystem tells nothing but its name.</summary>
    internal static GuestwireFileStatus Unknown() => new()
    {
        Type = GuestwireFileType.Unknown,
        Mode = 0,
        UserId = 0,
        GroupId = 0,
        SizeBytes = 0,
        AllocatedBytes = 0,
        ModifiedNs = 0,
        AccessedNs = 0,
        ChangedNs = 0,
        Links = 0,
        Device = 0,
        Inode = 0,
    };

    private static GuestwireFileType TypeOf(ushort mode) => (mode & Libc.S_IFMT) switch
    {
        Libc.S_IFREG => GuestwireFileType.Regular,
        Libc.S_IFDIR => GuestwireFileType.Directory,
        Libc.S_IFLNK => GuestwireFileType.Symlink,
        Libc.S_IFBLK => GuestwireFileType.BlockDevice,
        Libc.S_IFCHR => GuestwireFileType.CharacterDevice,
        Libc.S_IFIFO => GuestwireFileType.Fifo,
        Libc.S_IFSOCK => GuestwireFileType.Socket,
        _ => GuestwireFileType.Unknown,
    };

    // A filesystem may claim any time; one beyond 1677 or 2262 is told as the first or the last that the wire has.
    private static long Nanoseconds(Libc.StatXTime time) =>
        (long)Int128.Clamp(((Int128)time.Seconds * 1_000_000_000) + time.Nanoseconds, long.MinValue, long.MaxValue);

    // As stat(2) numbers devices: makedev(3).
    private static ulong DeviceNumber(uint major, uint minor) =>
        ((ulong)(major & 0xFFFFF000) << 32) | ((major & 0xFFF) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFF);

    private static string? TargetOf(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        Span<byte> target = stackalloc byte[Libc.PATH_MAX];
        nint length = Libc.ReadLinkAt(directory, name, target, (nuint)target.Length);
        return length >= 0 && Utf8.IsValid(target[..(int)length]) ? Encoding.UTF8.GetString(target[..(int)length]) : null;
    }
}
