using Guestwire.Agent.Commands;

namespace Guestwire.Agent.Policy;

/// <summary>
/// What the guest's administrator decided about hosts. A rule both opens its commands, whatever the profile, and limits them to what it
/// names; without a rule the profile <see cref="PolicyProfile.Full"/> leaves them unlimited and every other leaves them closed.
/// </summary>
internal sealed record AccessRules
{
    /// <summary>As <c>qemu-ga</c>: no limits.</summary>
    internal static AccessRules None { get; } = new();

    /// <summary>Where it begins.</summary>
    internal PolicyProfile Profile { get; init; } = PolicyProfile.Full;

    /// <summary>Absolute folders and files that hosts may read, a folder with all beneath it; null without a rule.</summary>
    internal IReadOnlyList<string>? ReadPaths { get; init; }

    /// <summary>Absolute folders and files that hosts may write, likewise.</summary>
    internal IReadOnlyList<string>? WritePaths { get; init; }

    /// <summary>Accounts whose password and keys hosts may ask for and change; null without a rule.</summary>
    internal IReadOnlyList<string>? Users { get; init; }

    /// <summary>Programs that hosts may run; null without a rule.</summary>
    internal IReadOnlyList<ExecRule>? Programs { get; init; }

    /// <summary>The file that gets a line for each command that may change something; null for none.</summary>
    internal string? AuditLog { get; init; }

    /// <summary>What a command is refused by before its arguments are looked at, or null when a request for it may pass.</summary>
    internal string? ClosedBy(CommandInfo command) => command.Id switch
    {
        CommandId.GuestFileRead => Closes(ReadPaths, "read-paths"),
        CommandId.GuestFileWrite or CommandId.GuestFileFlush => Closes(WritePaths, "write-paths"),
        CommandId.GuestFileOpen or CommandId.GuestFileClose or CommandId.GuestFileSeek =>
            Closes(ReadPaths, "read-paths") is string rule && Closes(WritePaths, "write-paths") is not null ? rule : null,
        CommandId.OrgGuestwireFileStat or CommandId.OrgGuestwireFileList or CommandId.OrgGuestwireFileChecksum => Closes(ReadPaths, "read-paths"),
        CommandId.OrgGuestwireFileMakeDirectory or CommandId.OrgGuestwireFileRemove or CommandId.OrgGuestwireFileRename
            or CommandId.OrgGuestwireFileSetAttributes or CommandId.OrgGuestwireFileLink => Closes(WritePaths, "write-paths"),
        CommandId.GuestExec or CommandId.GuestExecStatus or CommandId.OrgGuestwireExecRead or CommandId.OrgGuestwireExecWrite
            or CommandId.OrgGuestwireExecSignal => Closes(Programs, "exec"),
        CommandId.GuestSetUserPassword or CommandId.GuestSshGetAuthorizedKeys
            or CommandId.GuestSshAddAuthorizedKeys or CommandId.GuestSshRemoveAuthorizedKeys => Closes(Users, "users"),
        _ when ProfileHas(command) => null,
        _ => ProfileName,
    };

    /// <summary>That nothing but the profile has a say.</summary>
    internal Decision Unlimited => new(true, ProfileName);

    private string ProfileName => $"profile {PolicyProfileNames.Of(Profile)}";

    private string? Closes<T>(IReadOnlyList<T>? rule, string name) =>
        rule is null ? (Profile == PolicyProfile.Full ? null : ProfileName)
        : rule.Count == 0 ? name
        : null;

    private bool ProfileHas(CommandInfo command) => Profile switch
    {
        PolicyProfile.Full or PolicyProfile.Managed => true,
        PolicyProfile.Backup => command.ReadOnly || command.Id is CommandId.GuestFsfreezeFreeze
            or CommandId.GuestFsfreezeFreezeList or CommandId.GuestFsfreezeThaw or CommandId.GuestFstrim,
        _ => command.ReadOnly,
    };
}
