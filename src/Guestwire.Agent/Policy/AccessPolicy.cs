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

    /// <summary>Opens a file for a host as open(2) does, if the rules let it; with rules, never through a link that leads out of what they name.</summary>
    /// <returns>An invalid handle when the system refused.</returns>
    /// <exception cref="QapiException">CommandNotFound: no rule allows it.</exception>
    [SupportedOSPlatform("linux")]
    internal SafeFileHandle Open(string path, int flags, uint mode)
    {
        SafeFileHandle file = judge.TryOpen(path, flags, mode, out Decision decision);
        Require(CommandId.GuestFileOpen, decision, path);
        return file;
    }

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
