using System.Text;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Policy;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent;

/// <summary>From a frame to a reply: envelope, policy, dispatch, and what went wrong on the way.</summary>
internal sealed class RequestHandler(CommandDispatcher dispatcher, CommandPolicy policy, RequestAudit audit, HostActivity activity, IAgentLog log)
{
    /// <summary>Bytes of a streamed reply that are read at once: a multiple of three, so that pieces of base64 join without padding.</summary>
    private const int PieceBytes = 48 * 1024;

    /// <summary>Reads a frame and decides whether its command may run; one that may not is answered here.</summary>
    /// <param name="conversation">Gets the error reply.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="request">The request.</param>
    /// <param name="command">Its command.</param>
    /// <returns>True when the command is to run.</returns>
    internal bool Accept(Conversation conversation, JsonValue frame, out Request request, out CommandInfo command)
    {
        command = default!;
        activity.RequestCame();
        if (Request.Read(frame, out request) is string fault)
        {
            ResponseWriter.WriteError(conversation.Writer, ErrorClass.GenericError, fault, request.Id);
            return false;
        }

        if (!Find(request.Command, out command) || !policy.IsSupported(command.Id))
        {
            Refuse(conversation, $"The command {request.Command.GetQuotation()} has not been found", request);
            return false;
        }

        if (!policy.IsEnabled(command.Id))
        {
            audit.Refused(command, request);
            Refuse(conversation, CommandPolicy.RefusalOf(command), request);
            return false;
        }

        return true;
    }

    /// <summary>
    /// Runs a command and writes its reply. The reply may be left pending in a stream: it goes on with <see cref="Stream"/>. Throws nothing:
    /// a failure is a reply.
    /// </summary>
    internal void Execute(Conversation conversation, in Request request, CommandInfo command)
    {
        JsonWriter writer = conversation.Writer;
        int before = conversation.Output.Count;
        AuditEntry? entry = audit.Begin(command, request);
        QapiException? failure = null;
        try
        {
            if (command.Id == CommandId.GuestSyncDelimited)
            {
                // The one command whose reply is more than JSON; taken back with the rest when it fails.
                conversation.Output.Append(ResponseWriter.Sentinel);
            }

            ResponseWriter.BeginReturn(writer);
            dispatcher.Run(command.Id, request.Arguments, conversation.Arguments, writer);
            if (!command.SuccessResponse)
            {
                TakeBack(conversation, before);
            }
            else if (writer.Pending is null)
            {
                ResponseWriter.EndReturn(writer, request.Id);
            }
        }
        catch (QapiException error)
        {
            failure = error;
            TakeBack(conversation, before);
            ResponseWriter.WriteError(writer, error.ErrorClass, error.Message, request.Id);
        }
        catch (Exception bug)
        {
            // Whatever a handler's bug throws, the agent lives on and the host gets an answer.
            TakeBack(conversation, before);
            Report(command.Name, bug);
            failure = new QapiException("internal error");
            ResponseWriter.WriteError(writer, failure.ErrorClass, failure.Message, request.Id);
        }

        audit.End(entry, failure);

        if (log.IsVerbose)
        {
            log.Log(LogLevel.Debug, $"{command.Name} answered");
        }
    }

    /// <summary>Writes the next piece of a reply that is pending in a stream, and its end when that was the last.</summary>
    internal static void Stream(Conversation conversation, in Request request)
    {
        conversation.Writer.Pull(PieceBytes);
        if (conversation.Writer.Pending is null)
        {
            ResponseWriter.EndReturn(conversation.Writer, request.Id);
        }
    }

    /// <summary>Logs what should not have happened.</summary>
    internal void Report(string what, Exception bug) => log.Log(LogLevel.Critical, $"{what} failed by a bug of the agent: {bug}");

    private static void Refuse(Conversation conversation, string description, in Request request) =>
        ResponseWriter.WriteError(conversation.Writer, ErrorClass.CommandNotFound, description, request.Id);

    private static void TakeBack(Conversation conversation, int before)
    {
        conversation.Writer.Restart();
        conversation.Output.Truncate(before);
    }

    private static bool Find(JsonValue name, out CommandInfo command)
    {
        ReadOnlySpan<byte> content = name.Text[1..^1];
        return content.Contains((byte)'\\')
            ? CommandTable.TryFind(Encoding.UTF8.GetBytes(name.GetQuotation()), out command!)
            : CommandTable.TryFind(content, out command!);
    }
}
