using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Health of an NVMe disk: log page 02h, 512 bytes, little-endian. Critical warning (1 byte), temperature in kelvin (2), available
/// spare (1), its threshold (1), percentage used (1); from byte 32 on counters of 16 bytes: data units read and written, read and
/// write commands, busy time, power cycles, power-on hours, unsafe shutdowns, media errors, entries of the error log.
/// Source: NVM Express base specification, "SMART / Health Information"; linux/nvme_ioctl.h.
/// </summary>
internal static class NvmeHealth
{
    /// <summary>Size of the page, in bytes.</summary>
    internal const int PageBytes = 512;

    private const byte GetLogPage = 0x02;
    private const uint HealthPage = 0x02;
    private const uint AllNamespaces = 0xFFFFFFFF;
    private const int CommandBytes = 72;

    /// <summary>Asks a disk.</summary>
    /// <param name="node">The disk's device node.</param>
    /// <returns>Null when it does not answer.</returns>
    [SupportedOSPlatform("linux")]
    internal static unsafe GuestNVMeSmart? TryRead(string node)
    {
        using SafeFileHandle disk = Libc.Open(node, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0);
        if (disk.IsInvalid)
        {
            return null;
        }

        // Unsafe: the command carries the address of the page, which is pinned and lives on this stack until the kernel returns;
        // the kernel writes no more than the length given beside it.
        byte* page = stackalloc byte[PageBytes];
        Span<byte> command = stackalloc byte[CommandBytes];
        command.Clear();
        command[0] = GetLogPage;
        MemoryMarshal.Write(command[4..], AllNamespaces);
        MemoryMarshal.Write(command[24..], (ulong)page);
        MemoryMarshal.Write(command[36..], (uint)PageBytes);
        MemoryMarshal.Write(command[40..], HealthPage | (((PageBytes / 4) - 1) << 16));
        return Libc.Ioctl(disk, Libc.NVME_IOCTL_ADMIN_CMD, command) == 0 ? Parse(new ReadOnlySpan<byte>(page, PageBytes)) : null;
    }

    /// <summary>Reads the page.</summary>
    internal static GuestNVMeSmart Parse(ReadOnlySpan<byte> page) => new()
    {
        CriticalWarning = page[0],
        Temperature = BinaryPrimitives.ReadUInt16LittleEndian(page[1..]),
        AvailableSpare = page[3],
        AvailableSpareThreshold = page[4],
        PercentageUsed = page[5],
        DataUnitsReadLo = Half(page, 32),
        DataUnitsReadHi = Half(page, 40),
        DataUnitsWrittenLo = Half(page, 48),
        DataUnitsWrittenHi = Half(page, 56),
        HostReadCommandsLo = Half(page, 64),
        HostReadCommandsHi = Half(page, 72),
        HostWriteCommandsLo = Half(page, 80),
        HostWriteCommandsHi = Half(page, 88),
        ControllerBusyTimeLo = Half(page, 96),
        ControllerBusyTimeHi = Half(page, 104),
        PowerCyclesLo = Half(page, 112),
        PowerCyclesHi = Half(page, 120),
        PowerOnHoursLo = Half(page, 128),
        PowerOnHoursHi = Half(page, 136),
        UnsafeShutdownsLo = Half(page, 144),
        UnsafeShutdownsHi = Half(page, 152),
        MediaErrorsLo = Half(page, 160),
        MediaErrorsHi = Half(page, 168),
        NumberOfErrorLogEntriesLo = Half(page, 176),
        NumberOfErrorLogEntriesHi = Half(page, 184),
    };

    private static ulong Half(ReadOnlySpan<byte> page, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(page[offset..]);
}
