using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Where a disk is attached, read off its path in sysfs. A path names each device on the way from the root: below
/// <c>pci0000:00</c> the PCI functions <c>0000:00:1f.2</c>, then <c>ataN</c>, <c>hostN</c>, <c>targetHOST:CHANNEL:ID</c>,
/// <c>HOST:CHANNEL:ID:LUN</c>, <c>virtioN</c> or <c>nvmeN</c>, then <c>block/NAME</c>; on s390 below <c>cssN</c> the subchannel
/// <c>CSSID.SSID.SUBCHANNEL</c> and the device <c>CSSID.SSID.DEVNO</c>, all hex.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class DiskAddress
{
    private static readonly GuestPCIAddress UnknownController = new() { Domain = -1, Bus = -1, Slot = -1, Function = -1 };

    /// <summary>Where a disk is attached.</summary>
    /// <returns>Null when nothing is known, not even a name.</returns>
    internal static GuestDiskAddress? Describe(BlockDevice device)
    {
        string[] parts = device.SysfsPath.Split('/');
        GuestDiskAddress start = new()
        {
            PciController = UnknownController,
            BusType = GuestDiskBusType.Unknown,
            Bus = 0,
            Target = 0,
            Unit = 0,
            Serial = device.Serial,
            Dev = device.Node,
        };

        GuestDiskAddress? found;
        if (device.SysfsPath.Contains("/devices/pci", StringComparison.Ordinal))
        {
            found = TryOnPci(parts, start);
        }
        else if (device.SysfsPath.Contains("/devices/css", StringComparison.Ordinal))
        {
            found = TryOnChannelSubsystem(parts, start);
        }
        else
        {
            found = TryOnVirtio(parts, start);
        }

        return found ?? (device.Serial is null && device.Node is null ? null : start);
    }

    private static GuestDiskAddress? TryOnPci(string[] parts, GuestDiskAddress start)
    {
        GuestDiskAddress? found = null;
        for (int i = 0; i < parts.Length; i++)
        {
            // The last one that drives disks: those before are bridges.
            if (TryParsePciFunction(parts[i], out GuestPCIAddress function)
                && PseudoFile.TryLinkName(string.Join('/', parts, 0, i + 1) + "/driver") is string driver
                && TryByDriver(driver, parts, start) is GuestDiskAddress known)
            {
                found = known with { PciController = function };
            }
        }

        return found;
    }

    private static GuestDiskAddress? TryByDriver(string driver, string[] parts, GuestDiskAddress start)
    {
        bool hasTarget = TryFindTarget(parts, out long[] target);
        switch (driver)
        {
            case "virtio-pci":
                return hasTarget
                    ? start with { BusType = GuestDiskBusType.Scsi, Unit = target[2] }
                    : start with { BusType = GuestDiskBusType.Virtio };
            case "nvme":
                return start with { BusType = GuestDiskBusType.Nvme };
            case "xhci_hcd" or "ehci-pci":
                return start with { BusType = GuestDiskBusType.Usb };
            case "sym53c8xx" when hasTarget:
                return start with { BusType = GuestDiskBusType.Scsi, Unit = target[1] };

            // A channel of the old controller is a host of its own, and carries two disks.
            case "ata_piix" when hasTarget && TryFindHost(parts, out int channel):
                return start with { BusType = GuestDiskBusType.Ide, Bus = channel, Unit = target[1] };

            // A port of the new one is a host of its own, and carries one disk.
            case "ahci" when hasTarget && TryFindHost(parts, out int port):
                return start with { BusType = GuestDiskBusType.Sata, Unit = port };

            // A controller that drives disks, but this one not in the way that is known.
            case "sym53c8xx" or "ata_piix" or "ahci":
                return start;
            default:
                return null;
        }
    }

    private static GuestDiskAddress? TryOnChannelSubsystem(string[] parts, GuestDiskAddress start)
    {
        int css = Array.FindIndex(parts, part => part.StartsWith("css", StringComparison.Ordinal));
        if (css < 0 || css + 2 >= parts.Length
            || !TryParseHex(parts[css + 1], '.', out long[] subchannel) || !TryParseHex(parts[css + 2], '.', out long[] device))
        {
            return null;
        }

        GuestDiskAddress found = start with
        {
            CcwAddress = new GuestCCWAddress { Cssid = subchannel[0], Ssid = subchannel[1], Subchno = subchannel[2], Devno = device[2] },
        };
        return TryOnVirtio(parts, found) ?? found;
    }

    private static GuestDiskAddress? TryOnVirtio(string[] parts, GuestDiskAddress start)
    {
        if (!Array.Exists(parts, part => part.StartsWith("virtio", StringComparison.Ordinal)))
        {
            return null;
        }

        return TryFindTarget(parts, out long[] target)
            ? start with { BusType = GuestDiskBusType.Scsi, Bus = target[0], Target = target[1], Unit = target[2] }
            : start with { BusType = GuestDiskBusType.Virtio };
    }

    /// <summary>Finds <c>HOST:CHANNEL:ID:LUN</c> behind a <c>target</c>.</summary>
    /// <param name="parts">Components of the path.</param>
    /// <param name="target">Channel, id and LUN.</param>
    private static bool TryFindTarget(string[] parts, out long[] target)
    {
        int index = Array.FindIndex(parts, part => part.StartsWith("target", StringComparison.Ordinal));
        string[] numbers = index >= 0 && index + 1 < parts.Length ? parts[index + 1].Split(':') : [];
        target = new long[3];
        bool found = numbers.Length == 4;
        for (int i = 0; found && i < 3; i++)
        {
            found = long.TryParse(numbers[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out target[i]);
        }

        return found;
    }

    /// <summary>Which of its controller's ports a disk is on: the place of its ATA port, or SCSI host, among those beside it.</summary>
    private static bool TryFindHost(string[] parts, out int position)
    {
        position = 0;
        int index = Array.FindIndex(parts, part => TryParseNumbered(part, "ata", out _));
        string kind = index >= 0 ? "ata" : "host";
        index = index >= 0 ? index : Array.FindIndex(parts, part => TryParseNumbered(part, "host", out _));
        if (index < 0 || !TryParseNumbered(parts[index], kind, out long own))
        {
            return false;
        }

        foreach (string name in PseudoFile.TryList(string.Join('/', parts, 0, index), out _) ?? [])
        {
            position += TryParseNumbered(name, kind, out long other) && other < own ? 1 : 0;
        }

        return true;
    }

    private static bool TryParseNumbered(string name, string kind, out long number)
    {
        number = 0;
        return name.StartsWith(kind, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(kind.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryParsePciFunction(string part, out GuestPCIAddress address)
    {
        address = UnknownController;
        string[] slotAndFunction = part.Split('.');
        if (slotAndFunction.Length != 2 || !TryParseHex(slotAndFunction[0], ':', out long[] numbers)
            || !TryParseHexNumber(slotAndFunction[1], out long function))
        {
            return false;
        }

        address = new GuestPCIAddress { Domain = numbers[0], Bus = numbers[1], Slot = numbers[2], Function = function };
        return true;
    }

    // Three hex numbers.
    private static bool TryParseHex(string text, char separator, out long[] numbers)
    {
        string[] parts = text.Split(separator);
        numbers = new long[3];
        bool parsed = parts.Length == 3;
        for (int i = 0; parsed && i < 3; i++)
        {
            parsed = TryParseHexNumber(parts[i], out numbers[i]);
        }

        return parsed;
    }

    private static bool TryParseHexNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number) && text.Length <= 8;
}
