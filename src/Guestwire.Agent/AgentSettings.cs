using Guestwire.Agent.Policy;
using Guestwire.Agent.State;

namespace Guestwire.Agent;

/// <summary>What the process decided before the agent starts: options and configuration, checked.</summary>
public sealed record AgentSettings
{
    /// <summary>How hosts reach the agent.</summary>
    public required ChannelMethod Method { get; init; }

    /// <summary>A device, a socket's path, or <c>cid:port</c>, as the method says.</summary>
    public required string Path { get; init; }

    /// <summary>The listening socket that a service manager handed over, instead of <see cref="Path"/>; or null.</summary>
    public int? ListenDescriptor { get; init; }

    /// <summary>Whether a channel that fails is opened again every five seconds.</summary>
    public bool RetryPath { get; init; }

    /// <summary>The directory that outlives the process; holds the counter of file handles.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Commands that are refused.</summary>
    public IReadOnlyList<string> BlockedCommands { get; init; } = [];

    /// <summary>The only commands that are served; empty for all.</summary>
    public IReadOnlyList<string> AllowedCommands { get; init; } = [];

    /// <summary>What else the guest's administrator decided about hosts.</summary>
    internal AccessRules Rules { get; init; } = AccessRules.None;

    /// <summary>What the guest's administrator decided about freezes.</summary>
    internal FreezeSettings Freeze { get; init; } = FreezeSettings.Default;

    /// <summary>The program called before a freeze and after a thaw, or null.</summary>
    public string? FsfreezeHook { get; init; }

    /// <summary>What guest-info reports; hosts expect a QEMU version here.</summary>
    public required string ReportedVersion { get; init; }

    /// <summary>The file read instead of the system's os-release, or null.</summary>
    public string? OsReleasePath { get; init; }
}
