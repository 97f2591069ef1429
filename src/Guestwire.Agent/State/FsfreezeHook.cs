using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.State;

/// <summary>The administrator's program that is told before filesystems freeze and after they have thawed, so that databases are in order on disk.</summary>
/// <param name="program">The program, or null when there is none.</param>
/// <param name="helper">Runs it.</param>
/// <param name="log">Told of each call.</param>
internal sealed class FsfreezeHook(string? program, IHelperProgram helper, IAgentLog log)
{
    /// <summary>Tells it that filesystems are about to freeze.</summary>
    /// <exception cref="QapiException">GenericError: it failed; what it wrote is in the text.</exception>
    internal void BeforeFreeze() => Run("freeze");

    /// <summary>Tells it that filesystems have thawed.</summary>
    /// <exception cref="QapiException">GenericError: it failed; what it wrote is in the text.</exception>
    internal void AfterThaw() => Run("thaw");

    private void Run(string phase)
    {
        if (program is not null)
        {
            log.Account($"executing fsfreeze hook with arg '{phase}'");
            helper.Run(new HelperStart("execute fsfreeze hook", program, phase));
        }
    }
}
