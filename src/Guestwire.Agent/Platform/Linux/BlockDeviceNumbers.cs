using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// On which block device each mount of one table lies. Major 0 means that the filesystem has no device of its own. btrfs always says so,
/// because it may have several; its source is one of them, and is looked at once for all its subvolumes. The older table has no numbers at all.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class BlockDeviceNumbers
{
    // By source; null for what is no block device. Made when the first source is looked at: most guests have none to look at.
    private Dictionary<string, (uint Major, uint Minor)?>? _bySource;

    /// <summary>Finds the device of a mount.</summary>
    /// <returns>False when it lies on none; then the numbers are those of the table.</returns>
    internal bool TryFind(MountLine mount, out uint major, out uint minor)
    {
        (major, minor) = (mount.Major, mount.Minor);
        if (major != 0)
        {
            return true;
        }

        if (minor != MountText.UnknownMinor && !mount.FilesystemType.SequenceEqual("btrfs"u8))
        {
            return false;
        }

        string source = MountText.Decode(mount.Source);
        _bySource ??= [];
        if (!_bySource.TryGetValue(source, out (uint Major, uint Minor)? found))
        {
            found = Look(source);
            _bySource.Add(source, found);
        }

        (major, minor) = found ?? (major, minor);
        return found is not null;
    }

    private static (uint Major, uint Minor)? Look(string source) =>
        Libc.Stat(Libc.AT_FDCWD, source, 0, Libc.STATX_TYPE, out Libc.StatX status) == 0 && status.IsBlockDevice
            ? (status.DeviceMajor, status.DeviceMinor)
            : null;
}
