using System.Runtime.Versioning;
using Guestwire.Agent.Commands;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Policy;

/// <summary>
/// Looks at what a request asks for, not only at its command: which file, which program, whose password. A host that is refused hears what
/// it hears of a disabled command; the system's log says which rule it was.
/// </summary>
/// <param name="judge">Knows the rules.</param>
/// <param name="log">Hears of refusals.</param>
internal sealed class AccessPolicy(AccessJudge judge, IAgentLog log)
{
    /// <summary>Passes a request to run a program, or throws.</summary>
    /// <exception cref="QapiException">CommandNotFound: no rule allows it.</exception>
    internal void RequireProgram(in GuestExecArguments arguments) => Require(CommandId.GuestExec, judge.Judge(arguments), arguments.Path);

    /// <summary>Passes a request about an account, or throws.</summary>
    /// <exception cref="QapiException">CommandNotFound: no rule allows it.</exception>
    internal void RequireUser(CommandId command, string user) => Require(command, judge.JudgeUser(user), user);

    /// <summary>Opens a file for guest-file-open as open(2) does, if the rules let it; with rules, never through a link that leads out of what they name.</summary>
    /// <returns>An invalid handle when the system refused.</returns>
    /// <exception cref="QapiException">CommandNotFound: no rule allows it.</exception>
    [SupportedOSPlatform("linux")]
    internal SafeFileHandle Open(string path, int flags, uint mode) =>
        Open(CommandId.GuestFileOpen, path, AccessJudge.UseOf(flags), flags, mode);

    /// <summary>The same for another command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="path">The file.</param>
    /// <param name="use">What it is opened for, whatever the flags say.</param>
    /// <param name="flags">As for open(2).</param>
    /// <param name="mode">As for open(2).</param>
    [SupportedOSPlatform("linux")]
    internal SafeFileHandle Open(CommandId command, string path, PathUse use, int flags, uint mode = 0)
    {
        SafeFileHandle file = judge.Paths.TryOpen(path, use, flags, mode, out Decision decision);
        Require(command, decision, path);
        return file;
    }

    /// <summary>Finds the place of a name that a host wants to change, if the rules let it.</summary>
    /// <returns>Null when the system refused.</returns>
    /// <exception cref="QapiException">CommandNotFound: no rule allows it.</exception>
    [SupportedOSPlatform("linux")]
    internal FilePlace? TryPlace(CommandId command, string path)
    {
        FilePlace? place = judge.Paths.TryPlace(path, PathUse.Write, out Decision decision);
        Require(command, decision, path);
        return place;
    }

    /// <summary>Whether a rule says what may be written, so that not everything may.</summary>
    internal bool LimitsWrites => judge.LimitsWrites;

    /// <summary>Refuses what a rule about paths does not include.</summary>
    /// <exception cref="QapiException">CommandNotFound, always.</exception>
    internal void RefusePath(CommandId command, string path) => Require(command, new Decision(false, "write-paths"), path);

    private void Require(CommandId command, Decision decision, string subject)
    {
        if (!decision.IsAllowed)
        {
            CommandInfo info = CommandTable.Get(command);
            log.Account($"{info.Name} refused by {decision.Rule}: {subject}");
            throw new QapiException(ErrorClass.CommandNotFound, CommandPolicy.RefusalOf(info));
        }
    }
}
