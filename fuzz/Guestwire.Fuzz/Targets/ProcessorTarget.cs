using Guestwire.Agent.Platform.Linux;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Guestwire.Protocol;

namespace Guestwire.Fuzz.Targets;

/// <summary>The times of processors, in the first of the formats that a kernel may tell its clock in: twice the ticks a second are half the time.</summary>
internal sealed class ProcessorTarget : FuzzTarget
{
    private const long Thousand = 1000;

    internal override string Name => "processors";

    internal override string About => "/proc/stat";

    internal override InputShape Shape => InputShape.Lines;

    internal override IEnumerable<byte[]> Seeds => [SeedTexts.Named("stat.txt")];

    internal override IReadOnlyList<byte[]> Words { get; } = SeedTexts.Words("cpu", "cpu0 ", "cpu-1 ", "cpu18446744073709551616 ", "cpufreq", " 0 0 0 0", "18446744073709551615");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        List<GuestCpuStats> fast = ProcessorTimes.Parse(input, Thousand);
        List<GuestCpuStats> slow = ProcessorTimes.Parse(input, 2 * Thousand);
        Violation.Unless(fast.Count == slow.Count && fast.Count <= input.Count((byte)'\n') + 1, "a line is one processor at most");
        for (int i = 0; i < fast.Count; i++)
        {
            GuestLinuxCpuStats one = ((GuestCpuStats.Linux)fast[i]).Content;
            GuestLinuxCpuStats half = ((GuestCpuStats.Linux)slow[i]).Content;
            Violation.Unless(one.User / 2 == half.User && one.Idle / 2 == half.Idle && one.Cpu == half.Cpu, "twice the ticks a second are half the time",
                () => $"{one} and {half}");
            Violation.Unless(one.Irq is null == one.Softirq is null && one.Cpu >= 0, "a processor is told whole", one.ToString);
        }
    }
}
