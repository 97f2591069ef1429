using System.Diagnostics.CodeAnalysis;
using Guestwire.Agent.Policy;

namespace Guestwire.Agent.Daemon.Options;

/// <summary>
/// The groups of the configuration file that say what hosts may do beyond <c>block-rpcs</c> and <c>allow-rpcs</c>:
/// <code>
/// [policy]
/// profile=managed                  full, managed, backup or readonly
/// read-paths=/var/log,/etc/hosts   what guest-file-open may open for reading: folders with all beneath them, and files
/// write-paths=/srv/incoming        the same for writing
/// users=deploy,backup              whose password and keys hosts may ask for and change
/// audit-log=/var/log/guest.audit   gets a line for each command that may change something
///
/// [exec logs]                      a program that hosts may run; one group for each, under a name of its own
/// program=/usr/bin/journalctl      its absolute path, which requests give exactly
/// arguments=--unit * ...           a pattern for each argument (ArgumentPattern), in quotes when there are blanks in it; ... for any further ones
/// environment=LANG,TZ              variables that it may be given
/// input=true                       whether it may be given something to read
/// users=deploy                     accounts that it runs as: a request must name one of them
/// folders=/srv/app                 folders that it may start in, which requests give exactly
/// </code>
/// An empty list names nothing, and so closes what it is about.
/// </summary>
internal sealed class PolicyGroups
{
    /// <summary>The group of rules.</summary>
    internal const string Policy = "policy";

    /// <summary>How the groups of programs begin; a name follows.</summary>
    internal const string ExecPrefix = "exec ";

    private const string FurtherArguments = "...";

    private static readonly string[] s_policyKeys = ["profile", "read-paths", "write-paths", "users", "audit-log"];
    private static readonly string[] s_execKeys = ["program", "arguments", "environment", "input", "users", "folders"];

    private readonly KeyFile _keys;
    private readonly GroupReader _reader;

    private PolicyGroups(KeyFile keys)
    {
        _keys = keys;
        _reader = new GroupReader(keys);
    }

    /// <summary>The keys of a group of ours, or null when the group is none.</summary>
    internal static IReadOnlyList<string>? KeysOf(string group) =>
        group == Policy ? s_policyKeys : group.StartsWith(ExecPrefix, StringComparison.Ordinal) ? s_execKeys : null;

    /// <summary>Reads the rules of a file whose groups and keys are known to be right.</summary>
    /// <param name="keys">The file.</param>
    /// <param name="rules">What it says.</param>
    /// <param name="reason">Which line makes no sense, and why.</param>
    internal static bool TryRead(KeyFile keys, [NotNullWhen(true)] out AccessRules? rules, out string? reason)
    {
        PolicyGroups groups = new(keys);
        rules = groups.Read();
        reason = groups._reader.Reason;
        return reason is null;
    }

    /// <summary>The value of <c>arguments</c> that says what a rule says.</summary>
    internal static string Quote(ExecRule rule)
    {
        List<string> words = [];
        foreach (ArgumentPattern pattern in rule.Arguments)
        {
            words.Add(pattern.Text.Length == 0 || pattern.Text.AsSpan().ContainsAny(' ', '\t') || pattern.Text == FurtherArguments
                ? $"\"{pattern.Text}\""
                : pattern.Text);
        }

        if (rule.AllowsFurtherArguments)
        {
            words.Add(FurtherArguments);
        }

        return string.Join(' ', words);
    }

    private AccessRules Read()
    {
        string profile = _reader.String(Policy, "profile") ?? "full";
        if (PolicyProfileNames.Parse(profile) is not { } parsed)
        {
            // The rules will not be used.
            parsed = PolicyProfile.ReadOnly;
            _reader.Refuse(Policy, "profile", $"there is no profile '{profile}'; there are {PolicyProfileNames.All}");
        }

        List<ExecRule>? programs = null;
        foreach ((string group, _) in _keys.Groups)
        {
            if (group.StartsWith(ExecPrefix, StringComparison.Ordinal))
            {
                (programs ??= []).Add(ReadProgram(group));
            }
        }

        return new AccessRules
        {
            Profile = parsed,
            ReadPaths = Paths("read-paths"),
            WritePaths = Paths("write-paths"),
            Users = _reader.List(Policy, "users"),
            AuditLog = _reader.AbsolutePath(Policy, "audit-log"),
            Programs = programs,
        };
    }

    private ExecRule ReadProgram(string group)
    {
        string? program = _reader.AbsolutePath(group, "program");
        if (program is null)
        {
            _reader.Complain($"group '{group}' has no key 'program'");
        }

        List<string> words = Words(group, "arguments");
        bool further = words.Count > 0 && words[^1] == FurtherArguments;
        List<ArgumentPattern> patterns = [];
        for (int i = 0; i < words.Count - (further ? 1 : 0); i++)
        {
            patterns.Add(new ArgumentPattern(words[i]));
        }

        return new ExecRule
        {
            Name = group[ExecPrefix.Length..],
            Program = program ?? "",
            Arguments = patterns,
            AllowsFurtherArguments = further,
            Environment = _reader.List(group, "environment") ?? [],
            AllowsInput = _reader.Boolean(group, "input"),
            Users = _reader.List(group, "users") ?? [],
            Folders = Folders(group),
        };
    }

    private IReadOnlyList<string> Folders(string group)
    {
        IReadOnlyList<string> folders = _reader.List(group, "folders") ?? [];
        foreach (string folder in folders)
        {
            if (!GroupReader.IsPlainPath(folder))
            {
                _reader.Refuse(group, "folders", $"'{folder}' is not an absolute path without '//', '.' and '..'");
            }
        }

        return folders;
    }

    // A folder is kept without the slash at its end; of the root nothing remains.
    private List<string>? Paths(string key)
    {
        if (_reader.List(Policy, key) is not { } items)
        {
            return null;
        }

        List<string> paths = [];
        foreach (string item in items)
        {
            if (!GroupReader.IsPlainPath(item))
            {
                _reader.Refuse(Policy, key, $"'{item}' is not an absolute path without '//', '.' and '..'");
            }

            paths.Add(item.TrimEnd('/'));
        }

        return paths;
    }

    private List<string> Words(string group, string key)
    {
        List<string> words = [];
        if (_reader.String(group, key) is not { } text)
        {
            return words;
        }

        string? word = null;
        bool isQuoted = false;
        foreach (char c in text)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
                word ??= "";
            }
            else if (c is ' ' or '\t' && !isQuoted)
            {
                if (word is not null)
                {
                    words.Add(word);
                }

                word = null;
            }
            else
            {
                word += c;
            }
        }

        if (word is not null)
        {
            words.Add(word);
        }

        if (isQuoted)
        {
            _reader.Refuse(group, key, "a quotation mark is not closed");
        }

        return words;
    }
}
