using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Freezes by FIFREEZE and FITHAW on a directory of the filesystem. Source: ioctl_fsfreeze in linux/fs.h, fsfreeze(8).</summary>
[SupportedOSPlatform("linux")]
internal sealed class FilesystemFreezer : IFilesystemFreezer
{
    /// <inheritdoc/>
    public IFrozenFilesystem? TryFreeze(IReadOnlyList<Mount> mounts)
    {
        QapiException? cannotOpen = null;
        foreach (Mount mount in mounts)
        {
            SafeFileHandle root = Open(mount);
            if (root.IsInvalid)
            {
                cannotOpen ??= Errno.ToQapi($"failed to open {mount.Mountpoint}");
            }
            else if (IsCovered(mount, root))
            {
                root.Dispose();
            }
            else
            {
                return Freeze(mount, root);
            }
        }

        return cannotOpen is null ? null : throw cannotOpen;
    }

    /// <inheritdoc/>
    public bool TryThaw(IReadOnlyList<Mount> mounts)
    {
        foreach (Mount mount in mounts)
        {
            using SafeFileHandle root = Open(mount);
            if (!root.IsInvalid && !IsCovered(mount, root))
            {
                bool thawed = FrozenFilesystem.TryThaw(root);
                while (thawed && FrozenFilesystem.TryThaw(root))
                {
                    // Freezes of the kernel's own nest.
                }

                return thawed;
            }
        }

        return false;
    }

    private static FrozenFilesystem? Freeze(Mount mount, SafeFileHandle root)
    {
        if (Libc.Ioctl(root, Libc.FIFREEZE, stackalloc byte[sizeof(int)]) == 0)
        {
            return new FrozenFilesystem(root);
        }

        int errno = Errno.Last;
        root.Dispose();
        return errno is Errno.EOPNOTSUPP or Errno.EBUSY ? null : throw Errno.ToQapi($"failed to freeze {mount.Mountpoint}", errno);
    }

    private static SafeFileHandle Open(Mount mount) =>
        Libc.Open(mount.Mountpoint, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NOCTTY | Libc.O_NONBLOCK, 0);

    /// <summary>
    /// Whether the path leads to another filesystem that is mounted above. The device's number tells, but not with btrfs, which gives each
    /// subvolume one of its own; there the mount's does, since Linux 5.8.
    /// </summary>
    private static bool IsCovered(Mount mount, SafeFileHandle root)
    {
        if (Libc.StatOpen(root, "", Libc.AT_EMPTY_PATH, Libc.STATX_TYPE | Libc.STATX_MNT_ID, out Libc.StatX status) != 0)
        {
            return false;
        }

        return mount.FilesystemType == "btrfs"
            ? mount.Id != 0 && (status.Known & Libc.STATX_MNT_ID) != 0 && status.MountId != mount.Id
            : status.FilesystemMajor != mount.Major || status.FilesystemMinor != mount.Minor;
    }
}
