using System.Text;

namespace Guestwire.Agent.Daemon.Options;

/// <summary>
/// Writes options as a configuration file (<c>--dump-conf</c>): group <c>[general]</c>, the keys in a fixed order, no blanks
/// around <c>=</c>. Keys that have no value are left out, except the two lists, which are written empty.
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
        return text.ToString();
    }

    private static void Add(StringBuilder text, string key, bool value) => Add(text, key, value ? "true" : "false");

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
