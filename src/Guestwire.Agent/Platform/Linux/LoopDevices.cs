using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Loop devices, from sysfs: <c>dev/block/MAJOR:MINOR</c> is a link to the device's directory, <c>loop/backing_file</c> in there the
/// path and a line feed. A partition's directory lies in its device's. Source: Documentation/ABI/stable/sysfs-block.
/// </summary>
/// <param name="sysfs">Where sysfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class LoopDevices(string sysfs = "/sys") : ILoopDevices
{
    /// <inheritdoc/>
    public string? FindBackingFile(uint major, uint minor)
    {
        string? device = PseudoFile.TryResolve(string.Create(CultureInfo.InvariantCulture, $"{sysfs}/dev/block/{major}:{minor}"));
        return device is null ? null : ReadBackingFile(device) ?? ReadBackingFile(device[..device.LastIndexOf('/')]);
    }

    private static string? ReadBackingFile(string device)
    {
        byte[] path = new byte[4096];
        int length = PseudoFile.TryRead(device + "/loop/backing_file", path, out _);
        return length <= 0 ? null : Encoding.UTF8.GetString(path.AsSpan(0, length).TrimEnd((byte)'\n'));
    }
}
