using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Guestwire.Agent;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// From bytes to replies, through envelope, policy, decoder and writer; only the commands themselves do nothing. Each frame gets exactly one line of ASCII
/// JSON, a value or an error of a known class, with the request's id; nothing is a bug of the agent; and another spelling of a request is answered alike.
/// </summary>
internal sealed class RequestTarget : FuzzTarget, IPlatformCapabilities, IAgentLog
{
    private const int MaxRequests = 64;

    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 2048 };

    private readonly RequestHandler _handler;

    internal RequestTarget()
    {
        CommandPolicy policy = new(this, ["guest-shutdown"], [], AccessRules.None, new FreezeState());
        _handler = new RequestHandler(new CommandDispatcher(ReadOnlyCommands.Groups()), policy, new RequestAudit(this, TimeProvider.System, "fuzz"), new HostActivity(TimeProvider.System), this);
    }

    internal override string Name => "requests";

    internal override string About => "frames to replies, the commands themselves doing nothing: one JSON line each";

    internal override InputShape Shape => InputShape.Json;

    internal override int MaxInputBytes => 768;

    internal override IEnumerable<byte[]> Seeds => [.. SeedTexts.Requests.Where(request => request.Length < 500), .. SeedTexts.LinesOf("requests.txt")];

    internal override IReadOnlyList<byte[]> Words => SeedTexts.SchemaWords;

    internal override void Run(ReadOnlySpan<byte> input)
    {
        using Conversation conversation = new();
        FrameFeed.Give(conversation.Frames, input);
        FrameFeed.Give(conversation.Frames, "\n"u8);
        for (int requests = 0; requests < MaxRequests; requests++)
        {
            Frame frame = Frame.Read(conversation.Frames);
            if (frame.Status == FrameStatus.NeedMoreData)
            {
                return;
            }

            if (frame.Status == FrameStatus.Error)
            {
                ResponseWriter.WriteError(conversation.Writer, ErrorClass.GenericError, frame.Error!, default);
                CheckReply(Take(conversation), null);
                continue;
            }

            byte[] text = frame.Value.Text.ToArray();
            string respelled = JsonSpelling.Respell(frame.Value, FrameFeed.RandomOf(text), shuffles: false);
            bool maySilent = Answer(conversation, frame);
            byte[] reply = Take(conversation);
            if (!maySilent || reply.Length > 0)
            {
                CheckReply(reply, text);
            }

            Violation.UnlessSame(Encoding.Latin1.GetString(reply), AnswerAlone(respelled), "another spelling of a request is answered alike");
        }
    }

    private string AnswerAlone(string request)
    {
        using Conversation conversation = new();
        FrameFeed.Give(conversation.Frames, Encoding.UTF8.GetBytes(request + "\n"));
        Frame frame = Frame.Read(conversation.Frames);
        Violation.Unless(frame.Status == FrameStatus.Value, "another spelling of a value is a value", () => $"{request}: {frame.Error}");
        Answer(conversation, frame);
        return Encoding.Latin1.GetString(Take(conversation));
    }

    /// <returns>Whether the command is one that is answered by silence.</returns>
    private bool Answer(Conversation conversation, Frame frame)
    {
        if (!_handler.Accept(conversation, frame.Value, out Request request, out CommandInfo command))
        {
            return false;
        }

        _handler.Execute(conversation, request, command);
        while (conversation.Writer.Pending is not null)
        {
            RequestHandler.Stream(conversation, request);
        }

        return !command.SuccessResponse;
    }

    private static byte[] Take(Conversation conversation)
    {
        byte[] reply = conversation.Output.Bytes.ToArray();
        conversation.Output.Clear();
        return reply;
    }

    private static void CheckReply(byte[] reply, byte[]? request)
    {
        ReadOnlySpan<byte> line = reply.AsSpan().TrimStart((byte)0xFF);
        Violation.Unless(
            reply.Length - line.Length <= 1 && line.EndsWith("\n"u8) && !line[..^1].ContainsAnyExceptInRange((byte)' ', (byte)'~'), "a reply is one line of ASCII",
            () => Encoding.Latin1.GetString(reply));
        JsonDocument parsed;
        try
        {
            parsed = JsonDocument.Parse(reply.AsMemory(reply.Length - line.Length), s_deep);
        }
        catch (JsonException error)
        {
            // A number beyond a double goes back as it came, which strict JSON takes as well; so there is no excuse.
            throw new Violation("a reply is JSON", $"{error.Message} {Encoding.Latin1.GetString(reply)}");
        }

        using (parsed)
        {
            JsonElement root = parsed.RootElement;
            bool isError = root.TryGetProperty("error", out JsonElement fault);
            bool hasId = root.TryGetProperty("id", out JsonElement id);
            Violation.Unless(root.EnumerateObject().Count() == (hasId ? 2 : 1) && isError != root.TryGetProperty("return", out _), "a reply is a value or an error",
                root.GetRawText);
            Violation.Unless(
                !isError || (fault.GetProperty("class").GetString() is "GenericError" or "CommandNotFound" && fault.GetProperty("desc").GetString() is not "internal error"),
                "an error has a known class and is no bug", root.GetRawText);
            if (request is not null)
            {
                CheckId(request, hasId ? id : null);
            }
        }
    }

    private static void CheckId(byte[] request, JsonElement? id)
    {
        if (!Utf8.IsValid(request))
        {
            // C0 80 for a zero, which only our own reader knows.
            return;
        }

        JsonDocument parsed;
        try
        {
            parsed = JsonDocument.Parse(request, s_deep);
        }
        catch (JsonException)
        {
            // Single quotes and the like.
            return;
        }

        using (parsed)
        {
            JsonElement sent = default;
            bool wasSent = parsed.RootElement.ValueKind == JsonValueKind.Object && parsed.RootElement.TryGetProperty("id", out sent);
            Violation.Unless(wasSent == id.HasValue && (id is not { } echoed || JsonComparison.MeansSame(sent, echoed)), "a reply has the request's id",
                () => Encoding.Latin1.GetString(request));
        }
    }

    /// <inheritdoc/>
    bool IPlatformCapabilities.Supports(CommandId command) => command != CommandId.GuestSuspendHybrid;

    /// <inheritdoc/>
    bool IAgentLog.IsVerbose => true;

    /// <inheritdoc/>
    bool IAgentLog.HasAudit => true;

    /// <inheritdoc/>
    void IAgentLog.Log(LogLevel level, string text) => Violation.Unless(level != LogLevel.Critical, "nothing is a bug of the agent", () => text);

    /// <inheritdoc/>
    void IAgentLog.Account(string text)
    {
    }

    /// <inheritdoc/>
    void IAgentLog.Audit(string line)
    {
        Violation.Unless(line.EndsWith('\n') && !line.AsSpan(0, line.Length - 1).ContainsAnyExceptInRange(' ', '~'), "an account is one line of ASCII", () => line);
        using JsonDocument parsed = JsonDocument.Parse(line, s_deep);
        Violation.Unless(parsed.RootElement.TryGetProperty("decision", out _), "an account tells the decision", () => line);
    }

    /// <inheritdoc/>
    void IAgentLog.Hold()
    {
    }

    /// <inheritdoc/>
    void IAgentLog.Release()
    {
    }
}
