using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>The mounted filesystems with a block device below them, from <c>/proc/self/mountinfo</c>, else <c>/proc/self/mounts</c>.</summary>
/// <param name="procfs">Where procfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class MountTable(string procfs = "/proc") : IMountTable
{
    /// <inheritdoc/>
    public IReadOnlyList<Mount> Read()
    {
        // Bind mounts and second mounts of a device are left out: the first one stands for it.
        List<Mount> mounts = [];
        HashSet<(uint Major, uint Minor)> seen = [];
        foreach (Mount mount in ReadAll())
        {
            if (seen.Add((mount.Major, mount.Minor)))
            {
                mounts.Add(mount);
            }
        }

        return mounts;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Mount> ReadAll() => ReadSome(onBlockDevices: true);

    /// <inheritdoc/>
    public IReadOnlyList<Mount> ReadOthers() => ReadSome(onBlockDevices: false);

    private List<Mount> ReadSome(bool onBlockDevices)
    {
        List<Mount> mounts = [];
        foreach (Mount mount in ReadTable())
        {
            Mount candidate = mount;
            if ((mount.Major != 0 || TryFindDevice(mount, out candidate)) == onBlockDevices)
            {
                mounts.Add(candidate);
            }
        }

        return mounts;
    }

    private List<Mount> ReadTable()
    {
        using ByteBuffer? mountInfo = PseudoFile.TryRead(procfs + "/self/mountinfo", out _);
        if (mountInfo is not null)
        {
            return MountText.ParseMountInfo(mountInfo.Bytes);
        }

        using ByteBuffer mounts = PseudoFile.TryRead(procfs + "/self/mounts", out _)
            ?? throw new QapiException($"failed to open mtab file: '{procfs}/self/mounts'");
        return MountText.ParseMounts(mounts.Bytes);
    }

    // Major 0 means that the filesystem has no device of its own. btrfs always says so, because it may have several; its
    // source is one of them. The older table has no numbers at all.
    private static bool TryFindDevice(Mount mount, out Mount found)
    {
        found = mount;
        if (mount.FilesystemType != "btrfs" && mount.Minor != MountText.UnknownMinor)
        {
            return false;
        }

        if (Libc.Stat(Libc.AT_FDCWD, mount.Source, 0, Libc.STATX_TYPE, out Libc.StatX status) != 0 || !status.IsBlockDevice)
        {
            return false;
        }

        found = mount with { Major = status.DeviceMajor, Minor = status.DeviceMinor };
        return true;
    }
}
