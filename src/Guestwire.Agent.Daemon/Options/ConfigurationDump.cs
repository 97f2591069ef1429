using System.Globalization;
using System.Text;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Daemon.Options;

/// <summary>
/// Writes options as a configuration file (<c>--dump-conf</c>): group <c>[general]</c>, the keys in a fixed order, no blanks
/// around <c>=</c>. Keys that have no value are left out, except the two lists, which are written empty. Groups of our own follow where they say something.
/// </summary>
internal static class ConfigurationDump
{
    /// <summary>The text of the file.</summary>
    public static string Write(AgentOptions options)
    {
        var text = new StringBuilder("[general]\n");
        Add(text, "daemon", options.Daemonize);
        Add(text, "method", options.Method);
        Add(text, "path", options.Path);
        Add(text, "logfile", options.LogFile);
        Add(text, "pidfile", options.PidFile);
        Add(text, "fsfreeze-hook", options.FsfreezeHook);
        Add(text, "statedir", options.StateDirectory);
        Add(text, "verbose", options.Verbose);
        Add(text, "retry-path", options.RetryPath);
        Add(text, "block-rpcs", string.Join(',', options.BlockRpcs));
        Add(text, "allow-rpcs", string.Join(',', options.AllowRpcs));
        AddRules(text, options.Rules);
        AddFreeze(text, options.Freeze);
        return text.ToString();
    }

    private static void AddRules(StringBuilder text, AccessRules rules)
    {
        if (rules != AccessRules.None)
        {
            text.Append($"\n[{PolicyGroups.Policy}]\n");
            Add(text, "profile", PolicyProfileNames.Of(rules.Profile));
            Add(text, "read-paths", JoinPaths(rules.ReadPaths));
            Add(text, "write-paths", JoinPaths(rules.WritePaths));
            Add(text, "users", Join(rules.Users));
            Add(text, "audit-log", rules.AuditLog);
        }

        foreach (ExecRule rule in rules.Programs ?? [])
        {
            text.Append($"\n[{PolicyGroups.ExecPrefix}{rule.Name}]\n");
            Add(text, "program", rule.Program);
            Add(text, "arguments", PolicyGroups.Quote(rule));
            Add(text, "environment", Join(rule.Environment));
            Add(text, "input", rule.AllowsInput);
            Add(text, "users", JoinSome(rule.Users));
            Add(text, "folders", JoinSome(rule.Folders));
        }
    }

    private static void AddFreeze(StringBuilder text, FreezeSettings freeze)
    {
        if (freeze != FreezeSettings.Default)
        {
            text.Append($"\n[{FreezeGroup.Name}]\n");
            Add(text, "freeze-timeout", freeze.FreezeTimeout);
            Add(text, "filesystem-timeout", freeze.FilesystemTimeout);
            Add(text, "auto-thaw", freeze.AutoThaw);
            Add(text, "auto-thaw-idle", freeze.AutoThawIdle);
            Add(text, "exclude", JoinPaths(freeze.Exclude));
            Add(text, "include", JoinPaths(freeze.Include));
            Add(text, "hook-directory", freeze.HookDirectory);
            Add(text, "hook-timeout", freeze.HookTimeout);
        }
    }

    private static string? Join(IReadOnlyList<string>? names) => names is null ? null : string.Join(',', names);

    private static string? JoinSome(IReadOnlyList<string> names) => names.Count == 0 ? null : Join(names);

    // The root has lost its slash, and a list of one empty name would be an empty list. Behind a blank the slash keeps the blank from being dropped.
    private static string? JoinPaths(IReadOnlyList<string>? paths) =>
        paths is null ? null : Join(Array.ConvertAll([.. paths], path => path.Length == 0 || char.IsWhiteSpace(path[^1]) ? path + "/" : path));

    private static void Add(StringBuilder text, string key, bool value) => Add(text, key, value ? "true" : "false");

    private static void Add(StringBuilder text, string key, TimeSpan? limit) =>
        Add(text, key, ((long)(limit ?? TimeSpan.Zero).TotalSeconds).ToString(CultureInfo.InvariantCulture));

    private static void Add(StringBuilder text, string key, string? value)
    {
        if (value is null)
        {
            return;
        }

        text.Append(key).Append('=');

        // Blanks need an escape only where a reader would drop them: before everything else.
        bool leading = true;
        foreach (char c in value)
        {
            leading &= c is ' ' or '\t';
            _ = c switch
            {
                ' ' when leading => text.Append("\\s"),
                '\t' when leading => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\\' => text.Append("\\\\"),
                _ => text.Append(c),
            };
        }

        text.Append('\n');
    }
}
