using System.Runtime.Versioning;
using System.Text;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// A block device. The kernel's <c>uevent</c> attribute has lines <c>MAJOR=</c>, <c>MINOR=</c>, <c>DEVNAME=</c>; what udev found out
/// besides stands in <c>/run/udev/data/bMAJOR:MINOR</c>, a letter, a colon and a value on a line, of which <c>E:KEY=value</c> are
/// properties. Source: sysfs(5), src/libsystemd/sd-device of systemd.
/// </summary>
/// <param name="SysfsPath">The device's directory in sysfs, without links.</param>
/// <param name="Node">Its device node, or null.</param>
/// <param name="Serial">Its serial number as udev knows it, or null.</param>
/// <param name="Alias">The name that device-mapper gave it, or null.</param>
[SupportedOSPlatform("linux")]
internal sealed record BlockDevice(string SysfsPath, string? Node, string? Serial, string? Alias)
{
    /// <summary>Looks at a device.</summary>
    /// <param name="sysfsPath">Its directory in sysfs, without links.</param>
    /// <param name="udevDirectory">Where udev keeps its database.</param>
    internal static BlockDevice Read(string sysfsPath, string udevDirectory)
    {
        using ByteBuffer? uevent = PseudoFile.TryRead(sysfsPath + "/uevent", out _);
        ReadOnlySpan<byte> attributes = uevent is null ? default : uevent.Bytes;
        string? name = Find(attributes, "DEVNAME="u8);
        string? major = Find(attributes, "MAJOR="u8);
        string? minor = Find(attributes, "MINOR="u8);
        using ByteBuffer? udev = major is null || minor is null ? null : PseudoFile.TryRead($"{udevDirectory}/b{major}:{minor}", out _);
        ReadOnlySpan<byte> properties = udev is null ? default : udev.Bytes;
        return new BlockDevice(
            sysfsPath,
            name is null ? null : "/dev/" + name,
            Find(properties, "E:ID_SERIAL="u8),
            Find(properties, "E:DM_NAME="u8));
    }

    /// <summary>Whether the guest itself makes it up from other devices, from files or from memory.</summary>
    internal bool IsVirtual => SysfsPath.Contains("/devices/virtual/block/", StringComparison.Ordinal);

    // Null when there is no such line, or nothing behind the key.
    private static string? Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        TextLines lines = new(text);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith(key) && line.Length > key.Length)
            {
                return Encoding.UTF8.GetString(line[key.Length..]);
            }
        }

        return null;
    }
}
