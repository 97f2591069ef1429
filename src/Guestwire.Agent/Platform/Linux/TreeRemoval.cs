using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Removes a directory with all that is in it, name by name from open directories: no link is followed, and no filesystem entered but the one
/// it lies on. However deep it is, only the lowest levels are open; the way back up from below them is checked.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TreeRemoval : IDisposable
{
    /// <summary>Levels of directories. Our own limit: a program in the guest could make any number.</summary>
    internal const int MaxDepth = 16 * 1024;

    /// <summary>Levels that are kept open.</summary>
    private const int MaxOpen = 32;

    /// <summary>Times that a directory is read from its start, while there was always something to remove: somebody may be filling it.</summary>
    private const int MaxPasses = 64;

    private const int BlockBytes = 32 * 1024;
    private static int Flags => Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;

    private readonly List<Level> _levels = [];
    private readonly ByteBuffer _room = new();
    private readonly string _tried;

    private TreeRemoval(string tried) => _tried = tried;

    /// <summary>Removes a directory.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="tried">What to say was tried, in an error.</param>
    /// <exception cref="QapiException">GenericError: something could not be removed; a part may be gone.</exception>
    internal static void Remove(SafeFileHandle folder, string name, string tried)
    {
        using TreeRemoval removal = new(tried);
        removal.Enter(folder, PathMarshaller.ToBytes(name));
        while (removal._levels.Count > 0)
        {
            if (removal.TryEmpty(removal._levels[^1], out byte[]? below))
            {
                removal.RemoveLowest(folder);
            }
            else
            {
                removal.Enter(removal._levels[^1].Directory!, below!);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Level level in _levels)
        {
            level.Directory?.Dispose();
        }

        ((IDisposable)_room).Dispose();
    }

    /// <summary>Removes what is in a directory, up to the first directory that has something in it.</summary>
    /// <param name="level">The directory.</param>
    /// <param name="below">The name of that one.</param>
    /// <returns>True when nothing is left.</returns>
    private bool TryEmpty(Level level, out byte[]? below)
    {
        SafeFileHandle directory = level.Directory!;
        for (; level.Passes < MaxPasses; level.Passes++, level.Position = 0, level.HasRemoved = false)
        {
            Require(Libc.Seek(directory, level.Position, Libc.SEEK_SET) >= 0);
            DirectoryBlock block = new(directory, _room.GetSpan(BlockBytes)[..BlockBytes]);
            int errno;
            while (block.TryRead(out ReadOnlySpan<byte> name, out long next, out errno))
            {
                level.HasRemoved = true;
                level.Position = next;
                if (!TryRemove(directory, name))
                {
                    below = name.ToArray();
                    return false;
                }
            }

            if (errno != 0)
            {
                throw Errno.ToQapi(_tried, errno);
            }

            if (!level.HasRemoved)
            {
                break;
            }
        }

        below = null;
        return true;
    }

    /// <returns>False for a directory with something in it.</returns>
    private bool TryRemove(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        if (Libc.UnlinkAt(directory, name, 0) == 0 || Errno.Last == Errno.ENOENT)
        {
            return true;
        }

        // Linux says EISDIR of a directory; EPERM is what POSIX has, and what a file says that must not be removed.
        int errno = Errno.Last;
        if (errno is not (Errno.EISDIR or Errno.EPERM))
        {
            throw Errno.ToQapi(_tried, errno);
        }

        if (Libc.UnlinkAt(directory, name, Libc.AT_REMOVEDIR) == 0)
        {
            return true;
        }

        return Errno.Last is Errno.ENOTEMPTY or Errno.EEXIST ? false : throw Errno.ToQapi(_tried, Errno.Last == Errno.ENOTDIR ? errno : Errno.Last);
    }

    private void Enter(SafeFileHandle parent, byte[] name)
    {
        if (_levels.Count == MaxDepth)
        {
            throw new QapiException(_tried + ": it is more than " + MaxDepth.ToString(CultureInfo.InvariantCulture) + " levels deep");
        }

        SafeFileHandle directory = Libc.OpenAt(parent, name, Flags, 0);
        Require(!directory.IsInvalid);
        Level level = new(directory, name, StatusOf(directory, "\0"u8));
        _levels.Add(level);
        Libc.StatX above = _levels.Count > 1 ? _levels[^2].Status : StatusOf(directory, "..\0"u8);
        if (!IsOnSameMount(level.Status, above))
        {
            throw new QapiException(_tried + ": another filesystem is mounted there");
        }

        if (_levels.Count > MaxOpen)
        {
            Level high = _levels[^(MaxOpen + 1)];
            high.Directory?.Dispose();
            high.Directory = null;
        }
    }

    /// <summary>Removes the lowest directory, which is empty, from the one above it.</summary>
    private void RemoveLowest(SafeFileHandle folder)
    {
        Level lowest = _levels[^1];
        SafeFileHandle parent = _levels.Count == 1 ? folder : _levels[^2].Directory ?? Reopen(_levels[^2], from: lowest);
        Require(Libc.UnlinkAt(parent, lowest.Name, Libc.AT_REMOVEDIR) == 0);
        _levels.RemoveAt(_levels.Count - 1);
        lowest.Directory!.Dispose();
    }

    private SafeFileHandle Reopen(Level level, Level from)
    {
        level.Directory = Libc.OpenAt(from.Directory!, "..\0"u8, Flags, 0);
        Require(!level.Directory.IsInvalid);
        Libc.StatX status = StatusOf(level.Directory, "\0"u8);
        return status.Inode == level.Status.Inode && IsOnSameMount(status, level.Status)
            ? level.Directory
            : throw new QapiException(_tried + ": a directory in it was moved meanwhile");
    }

    private Libc.StatX StatusOf(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        const uint Wanted = Libc.STATX_BASIC_STATS | Libc.STATX_MNT_ID;
        Require(Libc.StatAt(directory, name, Libc.AT_EMPTY_PATH, Wanted, out Libc.StatX status) == 0);
        return status;
    }

    // Before Linux 5.8 mounts have no numbers here, and both are zero.
    private static bool IsOnSameMount(in Libc.StatX one, in Libc.StatX other) =>
        one.FilesystemMajor == other.FilesystemMajor && one.FilesystemMinor == other.FilesystemMinor && one.MountId == other.MountId;

    private void Require(bool succeeded)
    {
        if (!succeeded)
        {
            throw Errno.ToQapi(_tried);
        }
    }

    /// <summary>A directory on the way down.</summary>
    private sealed class Level(SafeFileHandle directory, byte[] name, Libc.StatX status)
    {
        /// <summary>The directory; null while it is not one of the lowest.</summary>
        internal SafeFileHandle? Directory { get; set; } = directory;

        /// <summary>Its name in the directory above, a zero at its end.</summary>
        internal byte[] Name { get; } = name;

        /// <summary>What it was when it was entered.</summary>
        internal Libc.StatX Status { get; } = status;

        /// <summary>Where to read on.</summary>
        internal long Position { get; set; }

        /// <summary>Whether this pass has found anything.</summary>
        internal bool HasRemoved { get; set; }

        /// <summary>How many passes there were before this one.</summary>
        internal int Passes { get; set; }
    }
}
