using Guestwire.Agent.Commands;
using Guestwire.Protocol;

namespace Guestwire.Agent;

/// <summary>
/// A command that may block, at work on a thread of its own. It has its conversation to itself until it is done: the loop must not touch
/// that conversation meanwhile.
/// </summary>
internal sealed class BlockingCommand
{
    /// <summary>Pieces of a streamed reply that are made before the host gets them: what <see cref="ByteBuffer.RetainedCapacity"/> is made for.</summary>
    private const int PiecesAtOnce = 2;

    /// <summary>A host that syncs sooner than this still waits for the reply; one that syncs later has given up on it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly long _started;

    private BlockingCommand(Conversation conversation, TimeProvider time)
    {
        Conversation = conversation;
        _time = time;
        _started = time.GetTimestamp();
    }

    /// <summary>The conversation that waits for this command.</summary>
    internal Conversation Conversation { get; }

    /// <summary>What a bug threw, when it was too late for an error reply.</summary>
    internal Exception? Bug { get; private set; }

    /// <summary>Whether it runs for so long that a host may have given up on it.</summary>
    internal bool IsLate => _time.GetElapsedTime(_started) > Patience;

    /// <summary>Whether nobody waits for the reply any more.</summary>
    internal bool IsAbandoned { get; set; }

    /// <summary>Starts a command, or goes on with its streamed reply.</summary>
    /// <param name="conversation">Where its request came from and its reply goes.</param>
    /// <param name="request">The request; its bytes lie in the conversation.</param>
    /// <param name="command">The command.</param>
    /// <param name="handler">Runs it.</param>
    /// <param name="time">Says when it is late.</param>
    /// <param name="workers">The thread.</param>
    /// <param name="done">Told on that thread when the reply is written, or so much of it as the host is to get first.</param>
    /// <exception cref="QapiException">GenericError: there is no thread for it.</exception>
    internal static BlockingCommand Start(
        Conversation conversation, Request request, CommandInfo command, RequestHandler handler, TimeProvider time, WorkerThreads workers, Action<BlockingCommand> done)
    {
        BlockingCommand work = new(conversation, time);
        workers.Run(() =>
        {
            work.Run(request, command, handler);
            done(work);
        });
        return work;
    }

    private void Run(in Request request, CommandInfo command, RequestHandler handler)
    {
        try
        {
            if (Conversation.Writer.Pending is null)
            {
                handler.Execute(Conversation, request, command);
            }

            for (int pieces = 0; Conversation.Writer.Pending is not null && pieces < PiecesAtOnce; pieces++)
            {
                RequestHandler.Stream(Conversation, request);
            }
        }
        catch (Exception bug)
        {
            Bug = bug;
        }
    }
}
