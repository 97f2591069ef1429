using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Processors from <c>/sys/devices/system/cpu/cpuN/online</c>, their times from <c>/proc/stat</c>.</summary>
/// <param name="sysfs">Where sysfs is mounted.</param>
/// <param name="procfs">Where procfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class ProcessorFacts(string sysfs = "/sys", string procfs = "/proc") : IProcessorFacts
{
    private readonly string _directory = sysfs + "/devices/system/cpu";
    private readonly string _counters = procfs + "/stat";

    /// <inheritdoc/>
    public IReadOnlyList<GuestLogicalProcessor> List()
    {
        List<string> names = PseudoFile.TryList(_directory, out int errno)
            ?? throw Errno.ToQapi($"failed to list entries: {_directory}", errno);
        List<GuestLogicalProcessor> processors = [];
        foreach (string name in names)
        {
            if (TryParseNumber(name, out long number))
            {
                processors.Add(Describe(number, $"{_directory}/{name}/online"));
            }
        }

        return processors;
    }

    /// <inheritdoc/>
    public IReadOnlyList<GuestCpuStats> ReadTimes()
    {
        using ByteBuffer text = PseudoFile.TryRead(_counters, out int errno)
            ?? throw Errno.ToQapi($"Could not open '{_counters}'", errno);
        return ProcessorTimes.Parse(text.Bytes, Libc.SysConf(Libc.SC_CLK_TCK));
    }

    // Beside cpu0, cpu1, ... the directory holds cpufreq, cpuidle and more.
    private static bool TryParseNumber(string name, out long number)
    {
        number = 0;
        return name.StartsWith("cpu", StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static GuestLogicalProcessor Describe(long number, string onlinePath)
    {
        Span<byte> state = stackalloc byte[1];
        int count = PseudoFile.TryRead(onlinePath, state, out int errno);
        if (count < 0 && errno != Errno.ENOENT)
        {
            throw Errno.ToQapi($"Could not open '{onlinePath}'", errno);
        }

        // Without the attribute the kernel cannot switch this processor off.
        return new GuestLogicalProcessor
        {
            LogicalId = number,
            Online = count < 1 || state[0] != (byte)'0',
            CanOffline = count >= 0,
        };
    }
}
