using Guestwire.Agent.Policy;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Daemon.Options;

/// <summary>Everything that the configuration file and the command line can say. Immutable; the defaults are those of <c>qemu-ga</c>.</summary>
internal sealed record AgentOptions
{
    /// <summary>Whether the agent leaves its terminal and runs in the background.</summary>
    public bool Daemonize { get; init; }

    /// <summary>How hosts reach the agent, in the words of the command line; not checked yet.</summary>
    public string Method { get; init; } = ChannelMethodNames.VirtioSerial;

    /// <summary>A device, a socket's path or <c>cid:port</c>; null for the method's default.</summary>
    public string? Path { get; init; }

    /// <summary>The file that log lines are appended to; null for stderr.</summary>
    public string? LogFile { get; init; }

    /// <summary>The pid file, which only a daemon writes.</summary>
    public string PidFile { get; init; } = DefaultPaths.PidFile;

    /// <summary>The program called around a freeze; null for none.</summary>
    public string? FsfreezeHook { get; init; }

    /// <summary>The directory that holds what outlives the process.</summary>
    public string StateDirectory { get; init; } = DefaultPaths.StateDirectory;

    /// <summary>Whether lines of every level are logged.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether a channel that fails is opened again, every five seconds.</summary>
    public bool RetryPath { get; init; }

    /// <summary>Commands that are refused, in the order of <see cref="RpcList"/>.</summary>
    public IReadOnlyList<string> BlockRpcs { get; init; } = [];

    /// <summary>The only commands that are served, in the order of <see cref="RpcList"/>; empty for all.</summary>
    public IReadOnlyList<string> AllowRpcs { get; init; } = [];

    /// <summary>What else the administrator decided about hosts.</summary>
    public AccessRules Rules { get; init; } = AccessRules.None;

    /// <summary>What the administrator decided about freezes.</summary>
    public FreezeSettings Freeze { get; init; } = FreezeSettings.Default;
}
