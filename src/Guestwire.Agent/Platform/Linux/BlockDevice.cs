using System.Runtime.Versioning;
using System.Text;

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
        Span<byte> room = stackalloc byte[FileText.UsualBytes];
        string? name;
        string? number;
        FileText.TryRead(sysfsPath + "/uevent", room, out FileText uevent);
        using (uevent)
        {
            name = Find(uevent.Bytes, "DEVNAME="u8, "/dev/");
            number = Find(uevent.Bytes, "MAJOR="u8) is string major && Find(uevent.Bytes, "MINOR="u8) is string minor ? $"{major}:{minor}" : null;
        }

        scoped FileText udev = default;
        bool known = number is not null && FileText.TryRead($"{udevDirectory}/b{number}", room, out udev);
        using (udev)
        {
            return new BlockDevice(
                sysfsPath,
                name,
                known ? Find(udev.Bytes, "E:ID_SERIAL="u8) : null,
                known ? Find(udev.Bytes, "E:DM_NAME="u8) : null);
        }
    }

    /// <summary>Whether the guest itself makes it up from other devices, from files or from memory.</summary>
    internal bool IsVirtual => SysfsPath.Contains("/devices/virtual/block/", StringComparison.Ordinal);

    // Null when there is no such line, or nothing behind the key.
    private static string? Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, string prefix = "")
    {
        TextLines lines = new(text);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith(key) && line.Length > key.Length)
            {
                return prefix + Encoding.UTF8.GetString(line[key.Length..]);
            }
        }

        return null;
    }
}
