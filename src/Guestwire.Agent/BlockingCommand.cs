using System.Runtime.Versioning;
using Guestwire.Agent.Commands;
using Guestwire.Protocol;

namespace Guestwire.Agent;

/// <summary>
/// A command that may take long, on a thread of its own. It owns its conversation until it is done; the loop must not touch that
/// conversation meanwhile.
/// </summary>
internal sealed class BlockingCommand
{
    /// <summary>Enough for any command; the default of eight megabytes would be reserved for each.</summary>
    private const int StackBytes = 256 * 1024;

    /// <summary>A host that syncs sooner than this still waits for the reply; one that syncs later has given up on it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Request _request;

    private BlockingCommand(Conversation conversation, in Request request, TimeProvider time)
    {
        Conversation = conversation;
        _request = request;
        _time = time;
        _started = time.GetTimestamp();
    }

    /// <summary>The conversation that waits for this command.</summary>
    internal Conversation Conversation { get; }

    /// <summary>The request, for the end of its reply.</summary>
    internal Request Request => _request;

    /// <summary>Whether it runs for so long that a host may have given up on it.</summary>
    internal bool IsLate => _time.GetElapsedTime(_started) > Patience;

    /// <summary>Whether nobody waits for the reply any more.</summary>
    internal bool IsAbandoned { get; set; }

    /// <summary>Starts a command.</summary>
    /// <param name="conversation">Where its request came from and its reply goes.</param>
    /// <param name="request">The request; its bytes lie in the conversation.</param>
    /// <param name="command">The command.</param>
    /// <param name="handler">Runs it.</param>
    /// <param name="loop">Where <paramref name="done"/> is called; its clock says when a command is late.</param>
    /// <param name="done">Told when the reply is written.</param>
    [SupportedOSPlatform("linux")]
    internal static BlockingCommand Start(
        Conversation conversation, Request request, CommandInfo command, RequestHandler handler, EventLoop loop, Action<BlockingCommand> done)
    {
        BlockingCommand work = new(conversation, request, loop.Time);
        Thread thread = new(
            () =>
            {
                handler.Execute(conversation, request, command);
                loop.Post(() => done(work));
            },
            StackBytes)
        {
            IsBackground = true,
            Name = command.Name,
        };
        thread.Start();
        return work;
    }
}
