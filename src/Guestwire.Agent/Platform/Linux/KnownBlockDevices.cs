using System.Runtime.Versioning;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Remembers for the time of one request what was found out: many volumes may share a few disks.</summary>
/// <param name="devices">Finds out.</param>
[SupportedOSPlatform("linux")]
internal sealed class KnownBlockDevices(IBlockDevices devices) : IBlockDevices
{
    private readonly Dictionary<string, Known> _byPath = [];

    /// <inheritdoc/>
    public string? Find(uint major, uint minor) => devices.Find(major, minor);

    /// <inheritdoc/>
    public BlockDevice Read(string sysfsPath)
    {
        Known known = At(sysfsPath);
        return known.Device ??= devices.Read(sysfsPath);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListMembers(string sysfsPath)
    {
        Known known = At(sysfsPath);
        return known.Members ??= devices.ListMembers(sysfsPath);
    }

    /// <inheritdoc/>
    public GuestDiskAddress? FindAddress(BlockDevice disk)
    {
        Known known = At(disk.SysfsPath);
        if (!known.IsAddressKnown)
        {
            known.Address = devices.FindAddress(disk);
            known.IsAddressKnown = true;
        }

        return known.Address;
    }

    private Known At(string sysfsPath)
    {
        if (!_byPath.TryGetValue(sysfsPath, out Known? known))
        {
            known = new Known();
            _byPath.Add(sysfsPath, known);
        }

        return known;
    }

    private sealed class Known
    {
        internal BlockDevice? Device { get; set; }

        internal IReadOnlyList<string>? Members { get; set; }

        internal GuestDiskAddress? Address { get; set; }

        internal bool IsAddressKnown { get; set; }
    }
}
