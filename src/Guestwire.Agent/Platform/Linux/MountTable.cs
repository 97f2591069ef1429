using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>The mounted filesystems with a block device below them, from <c>/proc/self/mountinfo</c>, else <c>/proc/self/mounts</c>.</summary>
/// <param name="procfs">Where procfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class MountTable(string procfs = "/proc") : IMountTable
{
    private delegate bool LineParser(ReadOnlySpan<byte> line, out MountLine mount);

    /// <inheritdoc/>
    public IReadOnlyList<Mount> Read()
    {
        using ByteBuffer table = ReadTable(out LineParser parse);

        // Bind mounts and second mounts of a device are left out: the first one stands for it.
        List<Mount> mounts = [];
        HashSet<(uint Major, uint Minor)> seen = [];
        BlockDeviceNumbers devices = new();
        DoubtfulMountpoints doubtful = new();
        TextLines lines = new(table.Bytes);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!parse(line, out MountLine mount))
            {
                continue;
            }

            if (!mount.IsServedByKernel)
            {
                doubtful.Add(mount.Mountpoint);
            }

            if (devices.TryFind(mount, out uint major, out uint minor) && seen.Add((major, minor)))
            {
                mounts.Add(mount.ToMount() with { Major = major, Minor = minor });
            }
        }

        // Only now, because what is mounted later may lie over a folder on the way.
        foreach (ref Mount mount in CollectionsMarshal.AsSpan(mounts))
        {
            mount = mount with { MayHang = doubtful.AreOnTheWayTo(mount.Mountpoint) };
        }

        return mounts;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Mount> ReadAll() => ReadSome(onBlockDevices: true);

    /// <inheritdoc/>
    public IReadOnlyList<Mount> ReadOthers() => ReadSome(onBlockDevices: false);

    private List<Mount> ReadSome(bool onBlockDevices)
    {
        using ByteBuffer table = ReadTable(out LineParser parse);
        List<Mount> mounts = [];
        BlockDeviceNumbers devices = new();
        TextLines lines = new(table.Bytes);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (parse(line, out MountLine mount) && devices.TryFind(mount, out uint major, out uint minor) == onBlockDevices)
            {
                mounts.Add(mount.ToMount() with { Major = major, Minor = minor });
            }
        }

        return mounts;
    }

    private ByteBuffer ReadTable(out LineParser parse)
    {
        ByteBuffer? mountInfo = PseudoFile.TryRead(procfs + "/self/mountinfo", out _);
        if (mountInfo is not null)
        {
            parse = MountText.TryParseMountInfo;
            return mountInfo;
        }

        parse = MountText.TryParseMounts;
        return PseudoFile.TryRead(procfs + "/self/mounts", out _)
            ?? throw new QapiException($"failed to open mtab file: '{procfs}/self/mounts'");
    }
}
