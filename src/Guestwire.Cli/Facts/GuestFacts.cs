using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Facts;

/// <summary>
/// All that a page about a guest says. After guest-info, which opens the connection and says what may be asked, every question goes out at once, the
/// clock first, since its answer is worth less the longer it takes, and what may wait for a disk last.
/// </summary>
internal sealed record GuestFacts
{
    /// <summary>What the agent can do.</summary>
    internal required Answer<GuestFeatures> Features { get; init; }

    /// <summary>Its clock.</summary>
    internal required Answer<ClockReading> Clock { get; init; }

    /// <summary>Its host name.</summary>
    internal required Answer<GuestHostName> HostName { get; init; }

    /// <summary>Its operating system.</summary>
    internal required Answer<GuestOSInfo> System { get; init; }

    /// <summary>Its time zone.</summary>
    internal required Answer<GuestTimezone> Zone { get; init; }

    /// <summary>Its network interfaces.</summary>
    internal required Answer<IReadOnlyList<GuestNetworkInterface>> Interfaces { get; init; }

    /// <summary>Its processors.</summary>
    internal required Answer<IReadOnlyList<GuestLogicalProcessor>> Processors { get; init; }

    /// <summary>Its memory.</summary>
    internal required Answer<GuestwireMemory> Memory { get; init; }

    /// <summary>Its load.</summary>
    internal required Answer<GuestLoadAverage> Load { get; init; }

    /// <summary>Who is logged in.</summary>
    internal required Answer<IReadOnlyList<GuestUser>> Users { get; init; }

    /// <summary>Its filesystems.</summary>
    internal required Answer<IReadOnlyList<GuestFilesystemInfo>> Filesystems { get; init; }

    /// <summary>Whether they are frozen.</summary>
    internal required Answer<GuestFsfreezeStatus> Freeze { get; init; }

    /// <summary>Asks.</summary>
    internal static async Task<GuestFacts> AskAsync(GuestClient guest, TimeProvider time, CancellationToken cancellation)
    {
        GuestQuestions questions = await GuestQuestions.BeginAsync(guest, cancellation).ConfigureAwait(false);
        Task<Answer<ClockReading>> clock = questions.AskAsync("guest-get-time", () => ClockReading.ReadAsync(guest, time, cancellation));
        Task<Answer<GuestHostName>> hostName = questions.AskAsync("guest-get-host-name", () => guest.GuestGetHostNameAsync(cancellation));
        Task<Answer<GuestOSInfo>> system = questions.AskAsync("guest-get-osinfo", () => guest.GuestGetOsinfoAsync(cancellation));
        Task<Answer<GuestTimezone>> zone = questions.AskAsync("guest-get-timezone", () => guest.GuestGetTimezoneAsync(cancellation));
        Task<Answer<GuestwireMemory>> memory = questions.AskAsync(MemoryFigures.Command, () => guest.OrgGuestwireGetMemoryAsync(cancellation));
        Task<Answer<GuestLoadAverage>> load = questions.AskAsync("guest-get-load", () => guest.GuestGetLoadAsync(cancellation));
        Task<Answer<IReadOnlyList<GuestLogicalProcessor>>> processors =
            questions.AskAsync("guest-get-vcpus", () => guest.GuestGetVcpusAsync(cancellation));
        Task<Answer<IReadOnlyList<GuestNetworkInterface>>> interfaces =
            questions.AskAsync("guest-network-get-interfaces", () => guest.GuestNetworkGetInterfacesAsync(cancellation));
        Task<Answer<IReadOnlyList<GuestUser>>> users = questions.AskAsync("guest-get-users", () => guest.GuestGetUsersAsync(cancellation));
        Task<Answer<GuestFsfreezeStatus>> freeze = questions.AskAsync("guest-fsfreeze-status", () => guest.GuestFsfreezeStatusAsync(cancellation));
        Task<Answer<IReadOnlyList<GuestFilesystemInfo>>> filesystems =
            questions.AskAsync("guest-get-fsinfo", () => guest.GuestGetFsinfoAsync(cancellation));
        await Task.WhenAll(clock, hostName, system, zone, memory, load, processors, interfaces, users, freeze, filesystems).ConfigureAwait(false);
        return new GuestFacts
        {
            Features = questions.Features,
            Clock = await clock.ConfigureAwait(false),
            HostName = await hostName.ConfigureAwait(false),
            System = await system.ConfigureAwait(false),
            Zone = await zone.ConfigureAwait(false),
            Interfaces = await interfaces.ConfigureAwait(false),
            Processors = await processors.ConfigureAwait(false),
            Memory = await memory.ConfigureAwait(false),
            Load = await load.ConfigureAwait(false),
            Users = await users.ConfigureAwait(false),
            Filesystems = await filesystems.ConfigureAwait(false),
            Freeze = await freeze.ConfigureAwait(false),
        };
    }
}
