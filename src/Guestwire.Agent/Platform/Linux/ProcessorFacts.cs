using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Processors from the directories <c>/sys/devices/system/cpu/cpuN</c>, whose order is the answer's, their state from <c>cpuN/online</c> or, the same for
/// all of them, <c>online</c>; their times from <c>/proc/stat</c>.
/// </summary>
/// <param name="sysfs">Where sysfs is mounted.</param>
/// <param name="procfs">Where procfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class ProcessorFacts(string sysfs = "/sys", string procfs = "/proc") : IProcessorFacts
{
    // So many are asked one by one: for more, the list of all that are on is worth reading.
    private const int Few = 4;

    private readonly string _directory = sysfs + "/devices/system/cpu";
    private readonly string _counters = procfs + "/stat";

    /// <inheritdoc/>
    public IReadOnlyList<GuestLogicalProcessor> List()
    {
        using PseudoDirectory directory = PseudoDirectory.TryOpen(_directory, out int errno)
            ?? throw Errno.ToQapi($"failed to list entries: {_directory}", errno);
        List<GuestLogicalProcessor> processors = [];
        ProcessorList? online = null;
        while (directory.TryReadName(out ReadOnlySpan<byte> name))
        {
            if (TryParseNumber(name, out long number))
            {
                online = processors.Count == Few ? TryReadOnline() : online;
                processors.Add(Describe(directory, name, number, online));
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
    private static bool TryParseNumber(ReadOnlySpan<byte> name, out long number)
    {
        number = 0;
        return name.StartsWith("cpu"u8)
            && long.TryParse(name[3..], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private ProcessorList? TryReadOnline()
    {
        Span<byte> text = stackalloc byte[FileText.UsualBytes];
        int count = PseudoFile.TryRead(_directory + "/online", text, out _);

        // Whoever reads it runs on one of them: a list that is empty, or was cut, is not believed.
        return count is < 2 or FileText.UsualBytes ? null : ProcessorList.TryParse(text[..count]);
    }

    /// <summary>Describes a processor. Without the attribute the kernel cannot switch it off.</summary>
    /// <param name="directory">That of all processors.</param>
    /// <param name="name">The processor's own in there.</param>
    /// <param name="number">Its number.</param>
    /// <param name="online">Those that are on; null when the attribute shall tell.</param>
    private GuestLogicalProcessor Describe(PseudoDirectory directory, ReadOnlySpan<byte> name, long number, ProcessorList? online)
    {
        Span<byte> state = stackalloc byte[1];
        int count = 0;
        int errno;
        bool canOffline = online is null
            ? (count = directory.TryRead(name, "/online"u8, state, out errno)) >= 0
            : directory.Has(name, "/online"u8, out errno);
        if (!canOffline && errno is not (0 or Errno.ENOENT))
        {
            throw Errno.ToQapi($"Could not open '{_directory}/{Encoding.UTF8.GetString(name)}/online'", errno);
        }

        bool isOnline = online is null ? count < 1 || state[0] != (byte)'0' : !canOffline || online.Contains(number);
        return new GuestLogicalProcessor { LogicalId = number, Online = isOnline, CanOffline = canOffline };
    }
}
