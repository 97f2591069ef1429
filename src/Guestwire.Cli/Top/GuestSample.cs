using Guestwire.Cli.Facts;
using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Top;

/// <summary>A guest's counters at one moment. Rates come of two of them.</summary>
internal sealed record GuestSample
{
    private const string ProcessCommand = "__org.guestwire_get-processes";

    /// <summary>When, by a clock that only goes forward, from <see cref="TimeProvider.GetTimestamp"/>.</summary>
    internal required long Timestamp { get; init; }

    /// <summary>When, by the host's clock.</summary>
    internal required DateTimeOffset Time { get; init; }

    /// <summary>Its load.</summary>
    internal required Answer<GuestLoadAverage> Load { get; init; }

    /// <summary>Where the time of each processor went.</summary>
    internal required Answer<IReadOnlyList<GuestCpuStats>> Processors { get; init; }

    /// <summary>Its memory.</summary>
    internal required Answer<GuestwireMemory> Memory { get; init; }

    /// <summary>What went to and from its disks.</summary>
    internal required Answer<IReadOnlyList<GuestDiskStatsInfo>> Disks { get; init; }

    /// <summary>What went through its network interfaces.</summary>
    internal required Answer<IReadOnlyList<GuestNetworkInterface>> Interfaces { get; init; }

    /// <summary>Its processes.</summary>
    internal required Answer<IReadOnlyList<GuestwireProcess>> Processes { get; init; }

    /// <summary>Asks for all of it at once.</summary>
    internal static async Task<GuestSample> TakeAsync(GuestClient guest, TimeProvider time, CancellationToken cancellation)
    {
        GuestQuestions questions = await GuestQuestions.BeginAsync(guest, cancellation).ConfigureAwait(false);
        Task<Answer<IReadOnlyList<GuestCpuStats>>> processors =
            questions.AskAsync("guest-get-cpustats", () => guest.GuestGetCpustatsAsync(cancellation));
        Task<Answer<IReadOnlyList<GuestDiskStatsInfo>>> disks =
            questions.AskAsync("guest-get-diskstats", () => guest.GuestGetDiskstatsAsync(cancellation));
        Task<Answer<IReadOnlyList<GuestNetworkInterface>>> interfaces =
            questions.AskAsync("guest-network-get-interfaces", () => guest.GuestNetworkGetInterfacesAsync(cancellation));
        Task<Answer<GuestLoadAverage>> load = questions.AskAsync("guest-get-load", () => guest.GuestGetLoadAsync(cancellation));
        Task<Answer<GuestwireMemory>> memory = MemoryFigures.AskAsync(guest, questions, cancellation);
        Task<Answer<IReadOnlyList<GuestwireProcess>>> processes = questions.AskAsync(ProcessCommand, () => ProcessesAsync(guest, cancellation));
        await Task.WhenAll(processors, disks, interfaces, load, memory, processes).ConfigureAwait(false);
        return new GuestSample
        {
            Timestamp = time.GetTimestamp(),
            Time = time.GetUtcNow(),
            Load = await load.ConfigureAwait(false),
            Processors = await processors.ConfigureAwait(false),
            Memory = await memory.ConfigureAwait(false),
            Disks = await disks.ConfigureAwait(false),
            Interfaces = await interfaces.ConfigureAwait(false),
            Processes = await processes.ConfigureAwait(false),
        };
    }

    private static async Task<IReadOnlyList<GuestwireProcess>> ProcessesAsync(GuestClient guest, CancellationToken cancellation)
    {
        List<GuestwireProcess> processes = [];
        GuestwireProcessList part;
        do
        {
            long? after = processes.Count > 0 ? processes[^1].Pid : null;
            part = await guest.OrgGuestwireGetProcessesAsync(after, null, cancellation).ConfigureAwait(false);
            processes.AddRange(part.Processes);
        }
        while (part is { More: true, Processes.Count: > 0 });
        return processes;
    }
}
