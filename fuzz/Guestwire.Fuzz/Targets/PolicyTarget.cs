using System.Text;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Daemon.Options;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// The decision about a request. An input is a configuration, a line <c>%</c>, and a request. However the request is spelled, escapes, quotes, space and the
/// order of members, the decision and its rule are the same; and it is the one that a second judge reaches, written from the manual alone.
/// </summary>
internal sealed class PolicyTarget : FuzzTarget, IPlatformCapabilities
{
    private const int Spellings = 3;

    internal override string Name => "policy";

    internal override string About => "rules and a request: one decision, however the request is spelled";

    internal override InputShape Shape => InputShape.Json | InputShape.Lines;

    internal override int MaxInputBytes => 1024;

    internal override IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[][] configurations = [SeedTexts.Named("rules.conf"), .. SeedTexts.ManualConfigurations];
            return configurations.SelectMany(configuration => SeedTexts.LinesOf("requests.txt").Select(request => (byte[])[.. configuration, .. "%\n"u8, .. request]));
        }
    }

    internal override IReadOnlyList<byte[]> Words { get; } =
    [
        .. SeedTexts.Words(
            "/usr/bin/journalctl", "/bin/true", "LANG=C", "LD_PRELOAD=x", "deploy", "/var/log", "..", "**", "*", "?", "...", "\\u002f", "\\u0000", "/./", "//",
            "profile=managed\n", "users=\n", "read-paths=/\n", "[exec x]\nprogram=/x\n", "block-rpcs=guest-exec\n", "allow-rpcs=guest-exec\n"),
        .. SeedTexts.SchemaWords.Where(word => word.StartsWith("guest-"u8)),
    ];

    /// <inheritdoc/>
    bool IPlatformCapabilities.Supports(CommandId command) => true;

    internal override void Run(ReadOnlySpan<byte> input)
    {
        int end = input.IndexOf("%\n"u8);
        if (end < 0 || !ConfigurationFile.TryParse(input[..end], out ConfigurationFile? file, out _))
        {
            return;
        }

        CommandPolicy policy = new(this, file.Options.BlockRpcs, file.Options.AllowRpcs, file.Options.Rules, new FreezeState());
        AccessJudge judge = new(file.Options.Rules);
        using FrameReader frames = new();
        FrameFeed.Give(frames, [.. input[(end + 2)..], (byte)'\n']);
        Agent.Frame frame = Agent.Frame.Read(frames);
        if (frame.Status != FrameStatus.Value)
        {
            return;
        }

        byte[] text = frame.Value.Text.ToArray();
        string decision = Decide(policy, judge, file.Options, frame);
        Random random = FrameFeed.RandomOf(text);
        for (int i = 0; i < Spellings; i++)
        {
            string spelling = JsonSpelling.Respell(frame.Value, random, shuffles: true);
            using FrameReader others = new();
            FrameFeed.Give(others, Encoding.UTF8.GetBytes(spelling + "\n"));
            string other = Decide(policy, judge, file.Options, Agent.Frame.Read(others));
            Violation.Unless(decision == other, "a decision does not depend on spelling", () => $"{decision}, but {other} for {spelling}");
        }
    }

    private static string Decide(CommandPolicy policy, AccessJudge judge, AgentOptions options, Agent.Frame frame)
    {
        Violation.Unless(frame.Status == FrameStatus.Value, "another spelling of a value is a value", () => frame.Error ?? "more data");
        if (Request.Read(frame.Value, out Request request) is not null)
        {
            return "no request";
        }

        if (!CommandTable.TryFind(Encoding.UTF8.GetBytes(request.Command.GetString()), out CommandInfo? command))
        {
            return "no command";
        }

        if (policy.ClosedBy(command.Id) is { } rule)
        {
            return "closed by " + rule;
        }

        try
        {
            Decision decision = judge.Judge(command, request.Arguments);
            PlainJudge.RequireSame(command, request.Arguments, options.Rules, decision);
            return $"{decision.IsAllowed} by {decision.Rule}";
        }
        catch (QapiException)
        {
            // Which of several faults is told first may depend on the order of members; that there is one does not.
            return "bad arguments";
        }
    }
}
