using System.Runtime.Versioning;
using Guestwire.Agent.Commands;
using Guestwire.Protocol;

namespace Guestwire.Agent;

/// <summary>
/// A command that may block, at work on a thread of its own, which also sends the reply. It has its conversation to itself until it is done: the
/// loop must not touch that conversation meanwhile. Used again for the next command.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class BlockingCommand
{
    /// <summary>A host that reads at all makes room sooner than this, in milliseconds; a busier one is left to the loop, which can wait for all of them.</summary>
    private const int RoomPatience = 20;

    /// <summary>A host that syncs sooner than this still waits for the reply; one that syncs later has given up on it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly RequestHandler _handler;
    private readonly Outlet _outlet;
    private readonly EventLoop _loop;
    private readonly WorkerThreads _workers;
    private readonly Action _run;
    private readonly Action _tell;
    private Request _request;
    private CommandInfo? _command;
    private long _advanced;

    /// <param name="handler">Runs commands.</param>
    /// <param name="outlet">Where replies go.</param>
    /// <param name="loop">Is told of the end; its clock says when a command is late.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="done">Called by the loop when the reply is sent, or so much of it as the host takes without a wait.</param>
    internal BlockingCommand(RequestHandler handler, Outlet outlet, EventLoop loop, WorkerThreads workers, Action<BlockingCommand> done)
    {
        _handler = handler;
        _outlet = outlet;
        _loop = loop;
        _workers = workers;
        _run = Run;
        _tell = () => done(this);
    }

    /// <summary>The conversation that waits for this command.</summary>
    internal Conversation Conversation { get; private set; } = null!;

    /// <summary>What a bug threw, when it was too late for an error reply.</summary>
    internal Exception? Bug { get; private set; }

    /// <summary>Whether the host left with the reply unread.</summary>
    internal bool HostIsGone { get; private set; }

    /// <summary>Whether the host has heard nothing of it for so long that it may have given up.</summary>
    internal bool IsLate => _loop.Time.GetElapsedTime(Volatile.Read(ref _advanced)) > Patience;

    /// <summary>Starts a command, or goes on with its streamed reply.</summary>
    /// <param name="conversation">Where its request came from and its reply goes.</param>
    /// <param name="request">The request; its bytes lie in the conversation.</param>
    /// <param name="command">The command.</param>
    /// <exception cref="QapiException">GenericError: there is no thread for it.</exception>
    internal void Start(Conversation conversation, in Request request, CommandInfo command)
    {
        Conversation = conversation;
        Bug = null;
        HostIsGone = false;
        _request = request;
        _command = command;
        Advance();
        _workers.Run(_run);
    }

    private void Run()
    {
        try
        {
            if (Conversation.Writer.Pending is null)
            {
                _handler.Execute(Conversation, _request, _command!);
            }

            SendStatus status = Send();
            while (status == SendStatus.Sent && Conversation.Writer.Pending is not null)
            {
                Advance();
                RequestHandler.Stream(Conversation, _request);
                status = Send();
            }

            HostIsGone = status == SendStatus.HostIsGone;
        }
        catch (Exception bug)
        {
            Bug = bug;
        }

        _loop.Post(_tell);
    }

    private SendStatus Send()
    {
        SendStatus status = _outlet.Send(Conversation);
        while (status == SendStatus.HostIsBusy && _outlet.WaitForHost(RoomPatience))
        {
            status = _outlet.Send(Conversation);
        }

        return status;
    }

    private void Advance() => Volatile.Write(ref _advanced, _loop.Time.GetTimestamp());
}
