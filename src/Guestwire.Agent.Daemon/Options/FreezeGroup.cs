using System.Diagnostics.CodeAnalysis;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Daemon.Options;

/// <summary>
/// The group of the configuration file that says how freezes end. Times are whole seconds; here is what holds when a key is not there:
/// <code>
/// [freeze]
/// freeze-timeout=300      for the whole freeze, hooks included; 0 for no limit
/// filesystem-timeout=120  for each filesystem; 0 for no limit
/// auto-thaw=0             so long after a freeze the agent thaws by itself; 0 for never
/// auto-thaw-idle=0        so long after the last request of any host, likewise
/// exclude=                what is never frozen: mountpoints (absolute paths) and types of filesystems, with commas between
/// include=                what alone is frozen; empty for all
/// hook-directory=/etc/qemu/fsfreeze-hook.d
/// hook-timeout=120        for each call of a hook; 0 for no limit
/// </code>
/// </summary>
internal static class FreezeGroup
{
    /// <summary>The group's name.</summary>
    internal const string Name = "freeze";

    /// <summary>A day. A longer time is a slip of the finger, and what counts milliseconds shall not overflow.</summary>
    private const int MaxSeconds = 24 * 60 * 60;

    /// <summary>The keys of the group.</summary>
    internal static IReadOnlyList<string> Keys { get; } =
        ["freeze-timeout", "filesystem-timeout", "auto-thaw", "auto-thaw-idle", "exclude", "include", "hook-directory", "hook-timeout"];

    /// <summary>Reads the group of a file whose groups and keys are known to be right.</summary>
    /// <param name="keys">The file.</param>
    /// <param name="settings">What it says, over the defaults.</param>
    /// <param name="reason">Which line makes no sense, and why.</param>
    internal static bool TryRead(KeyFile keys, [NotNullWhen(true)] out FreezeSettings? settings, out string? reason)
    {
        GroupReader group = new(keys);
        FreezeSettings normal = FreezeSettings.Default;
        settings = new FreezeSettings
        {
            FreezeTimeout = group.Seconds(Name, "freeze-timeout", MaxSeconds, normal.FreezeTimeout),
            FilesystemTimeout = group.Seconds(Name, "filesystem-timeout", MaxSeconds, normal.FilesystemTimeout),
            AutoThaw = group.Seconds(Name, "auto-thaw", MaxSeconds, normal.AutoThaw),
            AutoThawIdle = group.Seconds(Name, "auto-thaw-idle", MaxSeconds, normal.AutoThawIdle),
            Exclude = Filesystems(group, "exclude"),
            Include = Filesystems(group, "include"),
            HookDirectory = group.AbsolutePath(Name, "hook-directory") ?? normal.HookDirectory,
            HookTimeout = group.Seconds(Name, "hook-timeout", MaxSeconds, normal.HookTimeout),
        };
        reason = group.Reason;
        return reason is null;
    }

    // A mountpoint is kept without the slash at its end, as the kernel tells it.
    private static IReadOnlyList<string> Filesystems(GroupReader group, string key)
    {
        if (group.List(Name, key) is not { Count: > 0 } items)
        {
            return [];
        }

        List<string> names = [];
        foreach (string item in items)
        {
            if (item.StartsWith('/') ? !GroupReader.IsPlainPath(item) : item.Contains('/', StringComparison.Ordinal))
            {
                group.Refuse(Name, key, $"'{item}' is neither the type of a filesystem nor an absolute path without '//', '.' and '..'");
            }

            names.Add(item.Length > 1 ? item.TrimEnd('/') : item);
        }

        return names;
    }
}
