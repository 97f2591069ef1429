using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Processors by <c>/sys/devices/system/cpu/cpuN/online</c>: one character, <c>0</c> or <c>1</c>. Source: sysfs-devices-system-cpu.</summary>
/// <param name="sysfs">Where sysfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class ProcessorSwitch(string sysfs = "/sys") : IProcessorSwitch
{
    /// <inheritdoc/>
    public void Switch(long number, bool online)
    {
        string directory = $"{sysfs}/devices/system/cpu/cpu{number}/";
        string path = directory + "online";
        Span<byte> state = stackalloc byte[1];
        int count = PseudoFile.TryRead(path, state, out int errno);
        if (count < 0)
        {
            if (Libc.Stat(Libc.AT_FDCWD, directory, 0, Libc.STATX_TYPE, out _) != 0)
            {
                throw Errno.ToQapi($"Could not open '{directory}'");
            }

            if (errno != Errno.ENOENT)
            {
                throw Errno.ToQapi($"Could not open '{path}'", errno);
            }

            // Without the attribute the kernel cannot switch this processor off: it is on.
            if (!online)
            {
                throw new QapiException($"logical processor #{number} can't be offlined");
            }

            return;
        }

        bool isOnline = count == 0 || state[0] != (byte)'0';
        if (isOnline != online && !PseudoFile.TryWrite(path, online ? "1"u8 : "0"u8, out errno))
        {
            throw Errno.ToQapi($"Could not write '{path}'", errno);
        }
    }
}
