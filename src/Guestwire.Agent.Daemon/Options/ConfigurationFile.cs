using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Daemon.Options;

/// <summary>
/// The configuration file: a <see cref="KeyFile"/> whose group <c>[general]</c> has a key for each option, as in the reference, beside
/// <see cref="PolicyGroups"/> and <see cref="FreezeGroup"/> of our own. <see cref="KeyCheck"/> says what becomes of the rest.
/// </summary>
internal sealed class ConfigurationFile
{
    /// <summary>The group of the reference's own keys.</summary>
    internal const string Group = "general";

    private static readonly string[] s_booleans = ["daemon", "verbose", "retry-path"];

    private static readonly string[] s_strings =
    [
        "method", "path", "logfile", "pidfile", "fsfreeze-hook", "statedir", "block-rpcs", "allow-rpcs",
    ];

    private ConfigurationFile(AgentOptions options, IReadOnlyList<string> warnings)
    {
        Options = options;
        Warnings = warnings;
    }

    /// <summary>The defaults with what the file says over them.</summary>
    public AgentOptions Options { get; }

    /// <summary>One line for each group or key that nobody reads.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mustExist">Whether a missing file is an error; otherwise it is an empty one.</param>
    /// <param name="file">What it says.</param>
    /// <param name="reason">Why it cannot be used.</param>
    [SupportedOSPlatform("linux")]
    public static bool TryLoad(
        string path, bool mustExist, [NotNullWhen(true)] out ConfigurationFile? file, [NotNullWhen(false)] out string? reason)
    {
        file = null;
        using ByteBuffer? content = PseudoFile.TryRead(path, out int errno);
        if (content is null && (errno != Errno.ENOENT || mustExist))
        {
            reason = errno == Errno.EISDIR ? "Not a regular file" : Errno.Text(errno);
            return false;
        }

        return TryParse(content is null ? [] : content.Bytes, out file, out reason);
    }

    /// <summary>Reads the bytes of a configuration file.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="file">What they say.</param>
    /// <param name="reason">Why they cannot be used.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> content, [NotNullWhen(true)] out ConfigurationFile? file, out string? reason)
    {
        file = null;
        if (!KeyFile.TryParse(content, out KeyFile keys, out reason))
        {
            return false;
        }

        List<string> warnings = [];
        reason = KeyCheck.Check(keys, [.. s_booleans, .. s_strings], warnings);
        if (reason is not null || !PolicyGroups.TryRead(keys, out AccessRules? rules, out reason)
            || !FreezeGroup.TryRead(keys, out FreezeSettings? freeze, out reason))
        {
            return false;
        }

        var options = new AgentOptions { Rules = rules, Freeze = freeze };
        foreach (string key in s_booleans)
        {
            if (!keys.TryGetBoolean(Group, key, out bool? value, out reason))
            {
                return false;
            }

            options = value is { } present ? Apply(options, key, present) : options;
        }

        foreach (string key in s_strings)
        {
            if (!keys.TryGetString(Group, key, out string? value, out reason))
            {
                return false;
            }

            options = value is not null ? Apply(options, key, value) : options;
        }

        file = new ConfigurationFile(options, warnings);
        return true;
    }

    private static AgentOptions Apply(AgentOptions options, string key, bool value) => key switch
    {
        "daemon" => options with { Daemonize = value },
        "verbose" => options with { Verbose = value },
        _ => options with { RetryPath = value },
    };

    private static AgentOptions Apply(AgentOptions options, string key, string value) => key switch
    {
        "method" => options with { Method = value },
        "path" => options with { Path = value },
        "logfile" => options with { LogFile = value },
        "pidfile" => options with { PidFile = value },
        "fsfreeze-hook" => options with { FsfreezeHook = value },
        "statedir" => options with { StateDirectory = value },

        // --dump-conf writes both keys even when there is nothing to say: a dumped file must mean what it was dumped from.
        _ when value.Length == 0 => options,
        "block-rpcs" => options with { BlockRpcs = RpcList.Append(options.BlockRpcs, value) },
        _ => options with { AllowRpcs = RpcList.Append(options.AllowRpcs, value) },
    };
}
