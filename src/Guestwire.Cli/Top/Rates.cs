using Guestwire.Cli.Facts;
using Guestwire.Protocol;

namespace Guestwire.Cli.Top;

/// <summary>What a processor did between two samples, in shares of its time, 0 to 1.</summary>
/// <param name="Cpu">Its number.</param>
/// <param name="Busy">It worked.</param>
/// <param name="Waiting">It had nothing to do while a disk was waited for.</param>
/// <param name="Stolen">The hypervisor ran something else on it.</param>
internal sealed record ProcessorRate(long Cpu, double Busy, double Waiting, double Stolen);

/// <summary>What went one way and the other between two samples, in bytes per second.</summary>
/// <param name="Name">The device.</param>
/// <param name="In">Read, or received.</param>
/// <param name="Out">Written, or sent.</param>
/// <param name="IsPart">Whether it is counted with another device already, or is of the guest alone: a partition, a mapped device, a loop.</param>
internal sealed record TransferRate(string Name, double In, double Out, bool IsPart);

/// <summary>A process, and how much of one processor it used between two samples: 1 is all of one.</summary>
internal sealed record ProcessRate(GuestwireProcess Process, double Busy);

/// <summary>What happened in a guest between two samples.</summary>
internal sealed class Rates(GuestSample before, GuestSample now, TimeProvider time)
{
    /// <summary>Unit of the counters of disks, whatever the disk's own sectors are. Source: linux, Documentation/admin-guide/iostats.rst.</summary>
    private const double SectorBytes = 512;

    private static readonly string[] s_madeOfOthers = ["dm-", "md", "loop", "ram", "zram"];

    private readonly double _seconds = Math.Max(time.GetElapsedTime(before.Timestamp, now.Timestamp).TotalSeconds, 1e-6);

    /// <summary>The later sample.</summary>
    internal GuestSample Now => now;

    /// <summary>The processors that both samples know.</summary>
    internal Answer<IReadOnlyList<ProcessorRate>> Processors => now.Processors.Select(ProcessorRates);

    /// <summary>The disks.</summary>
    internal Answer<IReadOnlyList<TransferRate>> Disks => now.Disks.Select(DiskRates);

    /// <summary>The network interfaces.</summary>
    internal Answer<IReadOnlyList<TransferRate>> Interfaces => now.Interfaces.Select(InterfaceRates);

    /// <summary>The processes, the busiest first.</summary>
    internal Answer<IReadOnlyList<ProcessRate>> Processes => now.Processes.Select(ProcessRates);

    /// <summary>Whether a block device's traffic is counted with another one's already. Partitions are named after their disks: sda1, nvme0n1p1.</summary>
    internal static bool IsPart(string name, IReadOnlySet<string> all)
    {
        string stem = name.TrimEnd("0123456789".ToCharArray());
        return s_madeOfOthers.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
            || (stem != name && (all.Contains(stem) || (stem.EndsWith('p') && all.Contains(stem[..^1]))));
    }

    private IReadOnlyList<ProcessorRate> ProcessorRates(IReadOnlyList<GuestCpuStats> processors)
    {
        Dictionary<long, GuestLinuxCpuStats> earlier = Linux(before.Processors.Value ?? []).ToDictionary(processor => processor.Cpu);
        return
        [
            .. from later in Linux(processors)
               where earlier.ContainsKey(later.Cpu)
               select RateOf(earlier[later.Cpu], later),
        ];
    }

    private static IEnumerable<GuestLinuxCpuStats> Linux(IReadOnlyList<GuestCpuStats> processors) =>
        processors.OfType<GuestCpuStats.Linux>().Select(processor => processor.Content).DistinctBy(processor => processor.Cpu);

    // Time of virtual machines inside the guest is in the time of its programs already.
    private static ProcessorRate RateOf(GuestLinuxCpuStats before, GuestLinuxCpuStats now)
    {
        double busy = Grown(before.User, now.User) + Grown(before.Nice, now.Nice) + Grown(before.System, now.System)
            + Grown(before.Irq, now.Irq) + Grown(before.Softirq, now.Softirq);
        double waiting = Grown(before.Iowait, now.Iowait);
        double stolen = Grown(before.Steal, now.Steal);
        double all = Math.Max(busy + waiting + stolen + Grown(before.Idle, now.Idle), 1);
        return new ProcessorRate(now.Cpu, busy / all, waiting / all, stolen / all);
    }

    private IReadOnlyList<TransferRate> DiskRates(IReadOnlyList<GuestDiskStatsInfo> disks)
    {
        Dictionary<string, GuestDiskStats> earlier = (before.Disks.Value ?? []).DistinctBy(disk => disk.Name).ToDictionary(disk => disk.Name, disk => disk.Stats);
        HashSet<string> names = [.. disks.Select(disk => disk.Name)];
        return
        [
            .. from disk in disks
               where earlier.ContainsKey(disk.Name)
               let then = earlier[disk.Name]
               select new TransferRate(
                   disk.Name,
                   Grown(then.ReadSectors, disk.Stats.ReadSectors) * SectorBytes / _seconds,
                   Grown(then.WriteSectors, disk.Stats.WriteSectors) * SectorBytes / _seconds,
                   IsPart(disk.Name, names)),
        ];
    }

    private IReadOnlyList<TransferRate> InterfaceRates(IReadOnlyList<GuestNetworkInterface> interfaces)
    {
        Dictionary<string, GuestNetworkInterfaceStat> earlier = (before.Interfaces.Value ?? [])
            .Where(card => card.Statistics is not null).DistinctBy(card => card.Name).ToDictionary(card => card.Name, card => card.Statistics!);
        return
        [
            .. from card in interfaces
               where card.Statistics is not null && earlier.ContainsKey(card.Name)
               let then = earlier[card.Name]
               select new TransferRate(
                   card.Name,
                   Grown(then.RxBytes, card.Statistics!.RxBytes) / _seconds,
                   Grown(then.TxBytes, card.Statistics!.TxBytes) / _seconds,
                   card.Name == "lo"),
        ];
    }

    private IReadOnlyList<ProcessRate> ProcessRates(IReadOnlyList<GuestwireProcess> processes)
    {
        // A number may have been given out anew; then it has started at another time.
        Dictionary<(long, long), long> earlier = (before.Processes.Value ?? [])
            .DistinctBy(process => (process.Pid, process.StartedNs)).ToDictionary(process => (process.Pid, process.StartedNs), process => process.CpuNs);
        return
        [
            .. processes
                .Select(process => new ProcessRate(
                    process,
                    Math.Max(process.CpuNs - earlier.GetValueOrDefault((process.Pid, process.StartedNs)), 0) / 1e9 / _seconds))
                .OrderByDescending(process => process.Busy)
                .ThenByDescending(process => process.Process.ResidentBytes),
        ];
    }

    // A counter that went back has begun anew.
    private static double Grown(ulong? before, ulong? now) => now >= before ? now.Value - before.Value : 0;
}
