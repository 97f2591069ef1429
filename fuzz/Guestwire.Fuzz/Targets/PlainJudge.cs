using Guestwire.Agent.Commands;
using Guestwire.Agent.Policy;
using Guestwire.Protocol.Json;

namespace Guestwire.Fuzz.Targets;

/// <summary>The rules of docs/policy.md once more, in the plainest form, from the JSON itself: what a request asks for must be what the rule names.</summary>
internal static class PlainJudge
{
    /// <summary>Holds a decision against the rules.</summary>
    internal static void RequireSame(CommandInfo command, JsonValue arguments, AccessRules rules, Decision decision)
    {
        switch (command.Id)
        {
            case CommandId.GuestExec when rules.Programs is { } programs:
                bool isNamed = programs.Any(program => Names(program, arguments));
                Violation.Unless(decision.IsAllowed == isNamed, "a program runs when a rule names it, and else never", decision.ToString);
                break;
            case CommandId.GuestSetUserPassword or CommandId.GuestSshGetAuthorizedKeys or CommandId.GuestSshAddAuthorizedKeys
                or CommandId.GuestSshRemoveAuthorizedKeys when rules.Users is { } users:
                Violation.Unless(decision.IsAllowed == users.Contains(Text(arguments, "username")), "an account is touched when a rule names it, and else never",
                    decision.ToString);
                break;
            case CommandId.GuestFileOpen when decision.IsAllowed:
                CheckPath(arguments, rules, decision);
                break;
            case CommandId.OrgGuestwireFileStat or CommandId.OrgGuestwireFileList or CommandId.OrgGuestwireFileChecksum when decision.IsAllowed:
                RequireBeneath(rules.ReadPaths, Text(arguments, "path")!, decision);
                break;
            case CommandId.OrgGuestwireFileMakeDirectory or CommandId.OrgGuestwireFileRemove or CommandId.OrgGuestwireFileRename
                or CommandId.OrgGuestwireFileSetAttributes or CommandId.OrgGuestwireFileLink when decision.IsAllowed:
                RequireBeneath(rules.WritePaths, Text(arguments, "path")!, decision);
                RequireBeneath(rules.WritePaths, Text(arguments, "to") ?? Text(arguments, "path")!, decision);
                break;
        }
    }

    // The kernel has the last word about links, so only what is allowed can be judged by its letters.
    private static void CheckPath(JsonValue arguments, AccessRules rules, Decision decision)
    {
        string path = Text(arguments, "path")!;
        string mode = Text(arguments, "mode") ?? "r";
        bool reads = mode.StartsWith('r') || mode.Contains('+', StringComparison.Ordinal);
        bool writes = !mode.StartsWith('r') || mode.Contains('+', StringComparison.Ordinal);
        RequireBeneath(reads ? rules.ReadPaths : null, path, decision);
        RequireBeneath(writes ? rules.WritePaths : null, path, decision);
    }

    private static void RequireBeneath(IReadOnlyList<string>? folders, string path, Decision decision) =>
        Violation.Unless(folders?.Any(folder => (path + "/").StartsWith(folder + "/", StringComparison.Ordinal)) ?? true,
            "a file is reached only beneath a path that is named", () => $"{path} {decision}");

    private static bool Names(ExecRule rule, JsonValue arguments)
    {
        List<string> words = Texts(arguments, "arg");
        return Text(arguments, "path") == rule.Program
            && (rule.AllowsInput || (Find(arguments, "input-data").IsAbsent && !IsTrue(arguments, "stream-input")))
            && (rule.Users.Count == 0 ? Text(arguments, "user") is null : Text(arguments, "user") is { } user && rule.Users.Contains(user))
            && (Text(arguments, "cwd") is not { } folder || rule.Folders.Contains(folder))
            && (rule.AllowsFurtherArguments ? words.Count >= rule.Arguments.Count : words.Count == rule.Arguments.Count)
            && rule.Arguments.Zip(words).All(pair => PlainPattern.Matches(pair.First.Text, pair.Second))
            && Texts(arguments, "env").All(variable => variable.Contains('=', StringComparison.Ordinal) && rule.Environment.Contains(variable.Split('=')[0]));
    }

    private static bool IsTrue(JsonValue arguments, string name) => Find(arguments, name) is { IsAbsent: false } value && value.Text.SequenceEqual("true"u8);

    private static string? Text(JsonValue arguments, string name) => Find(arguments, name) is { IsAbsent: false } value ? value.GetString() : null;

    private static List<string> Texts(JsonValue arguments, string name)
    {
        List<string> texts = [];
        if (Find(arguments, name) is { IsAbsent: false } list)
        {
            foreach (JsonValue item in list.Items)
            {
                texts.Add(item.GetString());
            }
        }

        return texts;
    }

    private static JsonValue Find(JsonValue arguments, string name)
    {
        if (!arguments.IsAbsent)
        {
            foreach (JsonMember member in arguments.Members)
            {
                if (member.Name.GetString() == name)
                {
                    return member.Value;
                }
            }
        }

        return default;
    }
}
