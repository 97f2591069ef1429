namespace Guestwire.Agent.State;

/// <summary>What the guest's administrator decided about freezes: how long they may take and last, what they hold, and which hooks are told.</summary>
internal sealed record FreezeSettings
{
    /// <summary>What holds when nothing is said.</summary>
    internal static readonly FreezeSettings Default = new();

    /// <summary>How long a whole freeze may take, hooks included; null for no limit.</summary>
    public TimeSpan? FreezeTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long one filesystem may take to freeze; null for no limit.</summary>
    public TimeSpan? FilesystemTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long the thaw of one filesystem is waited for; a later one still counts. Our own limit, for which there is no key: a thaw writes little.</summary>
    public TimeSpan ThawPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long filesystems stay frozen before the agent thaws by itself; null for as long as the host likes.</summary>
    public TimeSpan? AutoThaw { get; init; }

    /// <summary>How long no host may ask for anything while filesystems are frozen before the agent thaws by itself; null for ever.</summary>
    public TimeSpan? AutoThawIdle { get; init; }

    /// <summary>What is never frozen, also when <see cref="Include"/> names it: mountpoints, which are absolute paths, and types of filesystems.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>What alone is frozen, in the same words; empty for all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>The folder of hooks, which need not be there.</summary>
    public string HookDirectory { get; init; } = "/etc/qemu/fsfreeze-hook.d";

    /// <summary>How long one call of a hook may take; null for no limit.</summary>
    public TimeSpan? HookTimeout { get; init; } = TimeSpan.FromSeconds(120);
}
