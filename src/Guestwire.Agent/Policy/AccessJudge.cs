using System.Runtime.Versioning;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.State;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Policy;

/// <summary>What the rules say of a request whose command is enabled: of the file or the name it is about, the program that it would run, the account.</summary>
/// <param name="rules">What the administrator decided.</param>
internal sealed class AccessJudge(AccessRules rules)
{
    /// <summary>Judges paths.</summary>
    internal PathJudge Paths { get; } = new(rules);

    /// <summary>Whether a rule says what may be written.</summary>
    internal bool LimitsWrites => rules.WritePaths is not null;

    /// <summary>What would become of a request whose command is enabled. Nothing happens.</summary>
    /// <exception cref="QapiException">GenericError: its arguments are not what the schema says.</exception>
    [SupportedOSPlatform("linux")]
    internal Decision Judge(CommandInfo command, JsonValue arguments)
    {
        ArgumentReader reader = new();
        return command.Id switch
        {
            CommandId.GuestFileOpen => Judge(GuestFileOpenArgumentsCodec.Read(reader, arguments)),
            CommandId.GuestExec => Judge(GuestExecArgumentsCodec.Read(reader, arguments)),
            CommandId.GuestSetUserPassword => JudgeUser(GuestSetUserPasswordArgumentsCodec.Read(reader, arguments).Username),
            CommandId.GuestSshGetAuthorizedKeys => JudgeUser(GuestSshGetAuthorizedKeysArgumentsCodec.Read(reader, arguments).Username),
            CommandId.GuestSshAddAuthorizedKeys => JudgeUser(GuestSshAddAuthorizedKeysArgumentsCodec.Read(reader, arguments).Username),
            CommandId.GuestSshRemoveAuthorizedKeys => JudgeUser(GuestSshRemoveAuthorizedKeysArgumentsCodec.Read(reader, arguments).Username),
            CommandId.OrgGuestwireFileStat => JudgeFile(OrgGuestwireFileStatArgumentsCodec.Read(reader, arguments).Path, PathUse.Read),
            CommandId.OrgGuestwireFileList => JudgeFile(OrgGuestwireFileListArgumentsCodec.Read(reader, arguments).Path, PathUse.Read),
            CommandId.OrgGuestwireFileChecksum => JudgeFile(OrgGuestwireFileChecksumArgumentsCodec.Read(reader, arguments).Path, PathUse.Read),
            CommandId.OrgGuestwireFileSetAttributes =>
                JudgeFile(OrgGuestwireFileSetAttributesArgumentsCodec.Read(reader, arguments).Path, PathUse.Write),
            CommandId.OrgGuestwireFileMakeDirectory => JudgeName(OrgGuestwireFileMakeDirectoryArgumentsCodec.Read(reader, arguments).Path),
            CommandId.OrgGuestwireFileRemove => JudgeName(OrgGuestwireFileRemoveArgumentsCodec.Read(reader, arguments).Path),
            CommandId.OrgGuestwireFileRename => Judge(OrgGuestwireFileRenameArgumentsCodec.Read(reader, arguments)),
            CommandId.OrgGuestwireFileLink => Judge(OrgGuestwireFileLinkArgumentsCodec.Read(reader, arguments)),
            _ => rules.Unlimited,
        };
    }

    /// <summary>What the rules say of running a program.</summary>
    internal Decision Judge(in GuestExecArguments arguments)
    {
        if (rules.Programs is null)
        {
            return rules.Unlimited;
        }

        foreach (ExecRule rule in rules.Programs)
        {
            if (rule.Allows(arguments))
            {
                return new Decision(true, $"exec {rule.Name}");
            }
        }

        return new Decision(false, "exec");
    }

    /// <summary>What the rules say of an account.</summary>
    internal Decision JudgeUser(string user) =>
        rules.Users is null ? rules.Unlimited : new Decision(NameList.Has(rules.Users, user), "users");

    [SupportedOSPlatform("linux")]
    private Decision Judge(in GuestFileOpenArguments arguments) =>
        JudgeFile(arguments.Path, UseOf(OpenFile.FlagsOf(arguments.Mode ?? "r")));

    [SupportedOSPlatform("linux")]
    private Decision Judge(in OrgGuestwireFileRenameArguments arguments)
    {
        Decision from = JudgeName(arguments.Path);
        return from.IsAllowed ? JudgeName(arguments.To) : from;
    }

    [SupportedOSPlatform("linux")]
    private Decision Judge(in OrgGuestwireFileLinkArguments arguments)
    {
        Decision link = JudgeName(arguments.Path);
        return link.IsAllowed && arguments.Symbolic == false ? JudgeName(arguments.Target) : link;
    }

    // As far as one can go without opening: a file that is yet to be made is judged by its folder.
    [SupportedOSPlatform("linux")]
    private Decision JudgeFile(string path, PathUse use)
    {
        Paths.TryOpen(path, use, 0, 0, out Decision decision, onlyLook: true).Dispose();
        return decision;
    }

    [SupportedOSPlatform("linux")]
    private Decision JudgeName(string path)
    {
        Paths.TryPlace(path, PathUse.Write, out Decision decision)?.Dispose();
        return decision;
    }

    /// <summary>What flags of open(2) say that a file is opened for.</summary>
    [SupportedOSPlatform("linux")]
    internal static PathUse UseOf(int flags) => (flags & Libc.O_ACCMODE) switch
    {
        Libc.O_RDONLY => PathUse.Read,
        Libc.O_WRONLY => PathUse.Write,
        _ => PathUse.Read | PathUse.Write,
    };
}
