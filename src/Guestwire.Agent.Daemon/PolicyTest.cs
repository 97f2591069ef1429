using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Daemon.Options;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;

namespace Guestwire.Agent.Daemon;

/// <summary>
/// <c>--policy-test REQUEST</c>: says what the configuration makes of a request, and by which rule, without doing what it asks for. Prints
/// <c>allowed by RULE</c> (status 0) or <c>denied by RULE</c> (status 1); what is no request at all ends with status 2 and the reason on stderr.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class PolicyTest
{
    private const int NoRequest = 2;

    /// <summary>Judges a request.</summary>
    /// <param name="text">The request, as a host would send it.</param>
    /// <param name="options">The configuration.</param>
    /// <returns>The exit status of the process.</returns>
    internal static int Run(string text, AgentOptions options)
    {
        using FrameReader frames = new();
        // A word ends where something else begins.
        byte[] bytes = Encoding.UTF8.GetBytes(text + "\n");
        bytes.CopyTo(frames.GetSpan(bytes.Length));
        frames.Advance(bytes.Length);
        Frame frame = Frame.Read(frames);
        string? fault = frame.Status == FrameStatus.NeedMoreData ? "the request is not complete" : frame.Error;
        Request request = default;
        fault ??= Request.Read(frame.Value, out request);
        if (fault is not null)
        {
            return Complain(fault);
        }

        string name = request.Command.GetString();
        if (!CommandTable.TryFind(Encoding.UTF8.GetBytes(name), out CommandInfo? command))
        {
            return Complain($"there is no command {name}");
        }

        CommandPolicy policy = new(new LinuxCapabilities(), options.BlockRpcs, options.AllowRpcs, options.Rules, new FreezeState());
        if (!policy.IsSupported(command.Id))
        {
            return Complain($"there is no command {name} on this platform");
        }

        try
        {
            // The arguments are read first, as an agent does: what no agent would take is no request.
            Decision decision = new AccessJudge(options.Rules).Judge(command, request.Arguments);
            return Tell(policy.ClosedBy(command.Id) is { } rule ? new Decision(false, rule) : decision);
        }
        catch (QapiException error)
        {
            return Complain(error.Message);
        }
    }

    private static int Tell(Decision decision)
    {
        StandardStream.Print($"{(decision.IsAllowed ? "allowed" : "denied")} by {decision.Rule}\n");
        return decision.IsAllowed ? ExitStatus.Success : ExitStatus.Failure;
    }

    private static int Complain(string fault)
    {
        StandardStream.Complain(fault);
        return NoRequest;
    }
}
