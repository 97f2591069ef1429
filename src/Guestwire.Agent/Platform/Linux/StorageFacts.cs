using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Filesystems from the mount table and statvfs(3), disks from <c>/sys/block</c>, counters from <c>/proc/diskstats</c>.</summary>
/// <param name="mounts">The mounted filesystems.</param>
/// <param name="devices">What is known of the devices below them.</param>
/// <param name="sysfs">Where sysfs is mounted.</param>
/// <param name="procfs">Where procfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class StorageFacts(IMountTable mounts, IBlockDevices devices, string sysfs = "/sys", string procfs = "/proc") : IStorageFacts
{
    // Deeper stacks of volumes do not exist; a sysfs that never ends shall not take us along.
    private const int MaxDepth = 16;

    /// <summary>How long the figures of a filesystem are waited for. A disk has them in memory; a program that serves one may hang. Our own limit.</summary>
    private static readonly TimeSpan FiguresPatience = TimeSpan.FromSeconds(2);

    // Guards the set, and lets one filesystem be measured at a time.
    private readonly Lock _measuring = new();

    // Mountpoints whose figures were asked for and have not come; nobody asks again until they do.
    private readonly HashSet<string> _mute = [];

    /// <summary>Facts of the system's own devices.</summary>
    /// <param name="mounts">The mounted filesystems.</param>
    /// <param name="sysfs">Where sysfs is mounted.</param>
    /// <param name="procfs">Where procfs is mounted.</param>
    /// <param name="udevDirectory">Where udev keeps its database.</param>
    internal StorageFacts(IMountTable mounts, string sysfs = "/sys", string procfs = "/proc", string udevDirectory = "/run/udev/data")
        : this(mounts, new SysfsBlockDevices(sysfs, udevDirectory), sysfs, procfs)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<GuestFilesystemInfo> ListFilesystems()
    {
        List<GuestFilesystemInfo> filesystems = [];
        KnownBlockDevices known = new(devices);
        foreach (Mount mount in mounts.Read())
        {
            filesystems.Add(Describe(mount, known));
        }

        // The last mounted first: hosts turn the list round again.
        filesystems.Reverse();
        return filesystems;
    }

    /// <inheritdoc/>
    public IReadOnlyList<GuestDiskInfo> ListDisks()
    {
        string directory = sysfs + "/block";
        using PseudoDirectory entries = PseudoDirectory.TryOpen(directory, out int errno)
            ?? throw Errno.ToQapi($"Can't open directory \"{directory}\"", errno);
        List<GuestDiskInfo> disks = [];
        KnownBlockDevices known = new(devices);
        while (entries.TryReadName(out ReadOnlySpan<byte> name))
        {
            // Without a medium, or a loop device without a file, the size is 0.
            if (HasSize(entries, name) && PseudoFile.TryResolveLink($"{directory}/{Encoding.UTF8.GetString(name)}") is string path)
            {
                AddWithPartitions(known.Read(path), known, disks);
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

    private GuestFilesystemInfo Describe(Mount mount, KnownBlockDevices known)
    {
        string? path = known.Find(mount.Major, mount.Minor);
        List<GuestDiskAddress> addresses = [];
        if (path is not null)
        {
            AddAddresses(path, known, addresses, MaxDepth);
        }

        bool sized = TryMeasure(mount, out Libc.FilesystemStatus status);
        ulong used = unchecked((status.Blocks - status.FreeBlocks) * status.FragmentSizeBytes);
        return new GuestFilesystemInfo
        {
            // A container may see the mount but not the device.
            Name = path is null ? $"{mount.Major}:{mount.Minor}" : Path.GetFileName(path),
            Mountpoint = mount.Mountpoint,
            Type = mount.FilesystemType,
            UsedBytes = sized ? used : null,
            TotalBytes = sized ? unchecked(used + (status.AvailableBlocks * status.FragmentSizeBytes)) : null,
            TotalBytesPrivileged = sized ? unchecked(status.Blocks * status.FragmentSizeBytes) : null,
            Disk = addresses,
        };
    }

    private bool TryMeasure(Mount mount, out Libc.FilesystemStatus status) => mount.MayHang
        ? TryMeasurePatiently(mount.Mountpoint, out status)
        : Libc.StatVfs(mount.Mountpoint, out status) == 0;

    /// <summary>Asks a filesystem for its figures, but does not wait for ever. Takes a thread, which most filesystems are not worth.</summary>
    private bool TryMeasurePatiently(string mountpoint, out Libc.FilesystemStatus status)
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
    private static void AddAddresses(string sysfsPath, KnownBlockDevices known, List<GuestDiskAddress> addresses, int depth)
    {
        BlockDevice device = known.Read(sysfsPath);
        if (!device.IsVirtual)
        {
            if (known.FindAddress(device) is GuestDiskAddress address)
            {
                addresses.Insert(0, address);
            }

            return;
        }

        foreach (string member in depth > 0 ? known.ListMembers(sysfsPath) : [])
        {
            AddAddresses(member, known, addresses, depth - 1);
        }
    }

    private static void AddWithPartitions(BlockDevice disk, KnownBlockDevices known, List<GuestDiskInfo> disks)
    {
        if (disk.Node is null)
        {
            return;
        }

        List<string> members = [];
        foreach (string member in known.ListMembers(disk.SysfsPath))
        {
            if (known.Read(member).Node is string node)
            {
                members.Insert(0, node);
            }
        }

        GuestDiskAddress? address = disk.IsVirtual ? null : known.FindAddress(disk);
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
        AddPartitions(disk, disk.Node, known, disks);
    }

    private static void AddPartitions(BlockDevice disk, string diskNode, KnownBlockDevices known, List<GuestDiskInfo> disks)
    {
        using PseudoDirectory? directory = PseudoDirectory.TryOpen(disk.SysfsPath, out _);
        byte[] prefix = Encoding.UTF8.GetBytes(Path.GetFileName(disk.SysfsPath));
        Span<byte> number = stackalloc byte[16];
        while (directory is not null && directory.TryReadName(out ReadOnlySpan<byte> entry))
        {
            // A partition's directory begins with the disk's name and has an attribute with its number.
            if (entry.StartsWith(prefix)
                && directory.TryRead(entry, "/partition"u8, number, out _) > 0
                && known.Read($"{disk.SysfsPath}/{Encoding.UTF8.GetString(entry)}") is { Node: string node } partition)
            {
                disks.Add(new GuestDiskInfo { Name = node, Partition = true, Dependencies = [diskNode], Alias = partition.Alias });
            }
        }
    }

    private static bool HasSize(PseudoDirectory disks, ReadOnlySpan<byte> name)
    {
        Span<byte> text = stackalloc byte[32];
        int count = disks.TryRead(name, "/size"u8, text, out _);
        return count > 0 && !text[..count].Trim("\n "u8).SequenceEqual("0"u8);
    }
}
