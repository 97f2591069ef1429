using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Filesystems from the mount table and statvfs(3), disks from <c>/sys/block</c>, counters from <c>/proc/diskstats</c>.</summary>
/// <param name="mounts">The mounted filesystems.</param>
/// <param name="sysfs">Where sysfs is mounted.</param>
/// <param name="procfs">Where procfs is mounted.</param>
/// <param name="udevDirectory">Where udev keeps its database.</param>
[SupportedOSPlatform("linux")]
internal sealed class StorageFacts(
    IMountTable mounts, string sysfs = "/sys", string procfs = "/proc", string udevDirectory = "/run/udev/data") : IStorageFacts
{
    // Deeper stacks of volumes do not exist; a sysfs that never ends shall not take us along.
    private const int MaxDepth = 16;

    /// <summary>How long the figures of a filesystem are waited for. A disk has them in memory; a program that serves one may hang. Our own limit.</summary>
    private static readonly TimeSpan FiguresPatience = TimeSpan.FromSeconds(2);

    // Guards the set, and lets one filesystem be measured at a time.
    private readonly Lock _measuring = new();

    // Mountpoints whose figures were asked for and have not come; nobody asks again until they do.
    private readonly HashSet<string> _mute = [];

    /// <inheritdoc/>
    public IReadOnlyList<GuestFilesystemInfo> ListFilesystems()
    {
        List<GuestFilesystemInfo> filesystems = [];
        foreach (Mount mount in mounts.Read())
        {
            filesystems.Add(Describe(mount));
        }

        // The last mounted first: hosts turn the list round again.
        filesystems.Reverse();
        return filesystems;
    }

    /// <inheritdoc/>
    public IReadOnlyList<GuestDiskInfo> ListDisks()
    {
        string directory = sysfs + "/block";
        List<string> names = PseudoFile.TryList(directory, out int errno)
            ?? throw Errno.ToQapi($"Can't open directory \"{directory}\"", errno);
        List<GuestDiskInfo> disks = [];
        foreach (string name in names)
        {
            // Without a medium, or a loop device without a file, the size is 0.
            if (HasSize($"{directory}/{name}") && PseudoFile.TryResolve($"{directory}/{name}") is string path)
            {
                AddWithPartitions(BlockDevice.Read(path, udevDirectory), disks);
            }
        }

        disks.Reverse();
        return disks;
    }

    /// <inheritdoc/>
    public IReadOnlyList<GuestDiskStatsInfo> ReadDiskCounters()
    {
        string path = procfs + "/diskstats";
        using ByteBuffer text = PseudoFile.TryRead(path, out int errno) ?? throw Errno.ToQapi($"Could not open '{path}'", errno);
        return DiskCounters.Parse(text.Bytes);
    }

    private GuestFilesystemInfo Describe(Mount mount)
    {
        string number = $"{mount.Major}:{mount.Minor}";
        string? path = PseudoFile.TryResolve($"{sysfs}/dev/block/{number}");
        List<GuestDiskAddress> addresses = [];
        if (path is not null)
        {
            AddAddresses(path, addresses, MaxDepth);
        }

        bool sized = TryMeasure(mount.Mountpoint, out Libc.FilesystemStatus status);
        ulong used = unchecked((status.Blocks - status.FreeBlocks) * status.FragmentSizeBytes);
        return new GuestFilesystemInfo
        {
            // A container may see the mount but not the device.
            Name = path is null ? number : Path.GetFileName(path),
            Mountpoint = mount.Mountpoint,
            Type = mount.FilesystemType,
            UsedBytes = sized ? used : null,
            TotalBytes = sized ? unchecked(used + (status.AvailableBlocks * status.FragmentSizeBytes)) : null,
            TotalBytesPrivileged = sized ? unchecked(status.Blocks * status.FragmentSizeBytes) : null,
            Disk = addresses,
        };
    }

    /// <summary>Asks a filesystem for its figures, but does not wait for ever.</summary>
    private bool TryMeasure(string mountpoint, out Libc.FilesystemStatus status)
    {
        lock (_measuring)
        {
            status = default;
            if (!_mute.Add(mountpoint))
            {
                return false;
            }

            TimedCall<Libc.FilesystemStatus?> call = TimedCall<Libc.FilesystemStatus?>.Start(
                "figures of a filesystem",
                () => Libc.StatVfs(mountpoint, out Libc.FilesystemStatus found) == 0 ? found : null,
                _ => Unmute(mountpoint));
            if (!call.TryWait(FiguresPatience, out Libc.FilesystemStatus? measured))
            {
                return false;
            }

            _mute.Remove(mountpoint);
            status = measured.GetValueOrDefault();
            return measured is not null;
        }
    }

    private void Unmute(string mountpoint)
    {
        lock (_measuring)
        {
            _mute.Remove(mountpoint);
        }
    }

    // A volume or an array has no address of its own, but its members do.
    private void AddAddresses(string sysfsPath, List<GuestDiskAddress> addresses, int depth)
    {
        BlockDevice device = BlockDevice.Read(sysfsPath, udevDirectory);
        if (!device.IsVirtual)
        {
            if (DiskAddress.Describe(device) is GuestDiskAddress address)
            {
                addresses.Insert(0, address);
            }

            return;
        }

        foreach (string member in depth > 0 ? MembersOf(sysfsPath) : [])
        {
            AddAddresses(member, addresses, depth - 1);
        }
    }

    private void AddWithPartitions(BlockDevice disk, List<GuestDiskInfo> disks)
    {
        if (disk.Node is null)
        {
            return;
        }

        List<string> members = [];
        foreach (string member in MembersOf(disk.SysfsPath))
        {
            if (BlockDevice.Read(member, udevDirectory).Node is string node)
            {
                members.Insert(0, node);
            }
        }

        GuestDiskAddress? address = disk.IsVirtual ? null : DiskAddress.Describe(disk);
        GuestNVMeSmart? health = address?.BusType == GuestDiskBusType.Nvme ? NvmeHealth.TryRead(disk.Node) : null;
        disks.Add(new GuestDiskInfo
        {
            Name = disk.Node,
            Partition = false,
            Dependencies = members,
            Address = address,
            Alias = disk.Alias,
            Smart = health is null ? null : new GuestDiskSmart.Nvme(health),
        });
        AddPartitions(disk, disk.Node, disks);
    }

    private void AddPartitions(BlockDevice disk, string diskNode, List<GuestDiskInfo> disks)
    {
        string prefix = Path.GetFileName(disk.SysfsPath);
        Span<byte> number = stackalloc byte[16];
        foreach (string name in PseudoFile.TryList(disk.SysfsPath, out _) ?? [])
        {
            // A partition's directory begins with the disk's name and has an attribute with its number.
            if (name.StartsWith(prefix, StringComparison.Ordinal)
                && PseudoFile.TryRead($"{disk.SysfsPath}/{name}/partition", number, out _) > 0
                && BlockDevice.Read($"{disk.SysfsPath}/{name}", udevDirectory) is { Node: string node } partition)
            {
                disks.Add(new GuestDiskInfo { Name = node, Partition = true, Dependencies = [diskNode], Alias = partition.Alias });
            }
        }
    }

    private static List<string> MembersOf(string sysfsPath)
    {
        string directory = sysfsPath + "/slaves";
        List<string> members = [];
        foreach (string name in PseudoFile.TryList(directory, out _) ?? [])
        {
            if (PseudoFile.TryResolve($"{directory}/{name}") is string member)
            {
                members.Add(member);
            }
        }

        return members;
    }

    private static bool HasSize(string device)
    {
        Span<byte> text = stackalloc byte[32];
        int count = PseudoFile.TryRead(device + "/size", text, out _);
        return count > 0 && !text[..count].Trim("\n "u8).SequenceEqual("0"u8);
    }
}
