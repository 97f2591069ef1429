using System.Runtime.Versioning;
using Guestwire.Agent.Commands;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;

namespace Guestwire.Agent;

/// <summary>
/// The requests of one host in the order in which they came, and their replies. Nothing is written that was not asked for.
/// </summary>
/// <remarks>
/// <para>Replies are gathered and sent when the input is used up, or when enough of them wait. While some wait because the host does
/// not read, nothing more is served.</para>
/// <para>A command that may block runs on a thread of its own. What comes meanwhile is collected, to be served after it. But when a
/// guest-sync (or a bare 0xFF) comes while the command has been running for over a second, the host has given up on the reply: a new
/// conversation starts there at once, and what was asked before it is dropped. docs/decisions/0004-sessions-and-conversations.md.</para>
/// </remarks>
/// <param name="loop">Its clock measures turns; it is told of workers that are done.</param>
/// <param name="outlet">Where replies go.</param>
/// <param name="handler">Handles requests.</param>
/// <param name="workers">Threads for commands that may block.</param>
/// <param name="serve">Calls <see cref="Serve"/>, when there is something to do again though nothing came.</param>
/// <param name="served">Told when everything that came is answered; <see cref="Rest"/> is wanted some time after it.</param>
[SupportedOSPlatform("linux")]
internal sealed class RequestQueue(EventLoop loop, Outlet outlet, RequestHandler handler, WorkerThreads workers, Action serve, Action served) : IDisposable
{
    /// <summary>Replies are sent when so many bytes of them wait.</summary>
    private const int SendBytes = 64 * 1024;

    /// <summary>What may wait when the next piece of a stream is read: the start of a reply, and short replies before it.</summary>
    private const int SmallOutputBytes = 4 * 1024;

    /// <summary>Pieces of a stream that are served before the other sessions get their turn.</summary>
    private const int PiecesAtOnce = 16;

    /// <summary>A frame beyond this is a large one.</summary>
    private const int LargeFrameBytes = 64 * 1024;

    /// <summary>Managed memory that may stay after a large request; far more than any small one needs.</summary>
    private const long MaxManagedBytes = 1024 * 1024;

    /// <summary>Bytes taken from a host while a command runs; beyond that it has to wait.</summary>
    private const int MaxBacklogBytes = 1024 * 1024;

    /// <summary>Time after which a host counts as quiet.</summary>
    internal static readonly TimeSpan RestPause = TimeSpan.FromSeconds(1);

    /// <summary>Time after which a host with more requests at hand lets the others have their turn.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(10);

    // Being answered. While a command runs on a worker it is the worker's alone.
    private Conversation _current = new();

    // Being read into while the current one is not yet answered to its end.
    private Conversation? _next;

    // What is being answered, and by whom when it may block.
    private Request _request;
    private CommandInfo? _command;
    private BlockingCommand? _work;

    // Used again for the next command that may block, so that it makes no garbage and finds its memory at hand. The conversation, which has that
    // memory, is given back when the host is quiet.
    private BlockingCommand? _spareWork;
    private Conversation? _spare;

    // What came since the command on the worker is late, read ahead for a sync; it takes over when there is one.
    private Conversation? _ahead;

    // A frame that was read and waits for its turn.
    private Frame? _held;

    private Exception? _bug;
    private bool _hadLargeFrame;
    private bool _hostIsDeaf;
    private bool _servesLater;
    private long _lastServed;

    /// <summary>Whether replies wait for the host.</summary>
    internal bool WantsOutput => _work is null && _current.Output.Count > 0;

    /// <summary>Whether no more may be received before what is here is served.</summary>
    internal bool IsFull => _held is not null || _next is { Frames.BufferedBytes: > MaxBacklogBytes };

    /// <summary>Where to put bytes that are received; commit them with <see cref="Received"/>.</summary>
    internal Span<byte> GetRoom(int sizeBytes) => (_next ?? _current).Frames.GetSpan(sizeBytes);

    /// <summary>Commits received bytes.</summary>
    /// <param name="bytes">The start of the span of <see cref="GetRoom"/>.</param>
    internal void Received(ReadOnlySpan<byte> bytes)
    {
        (_next ?? _current).Frames.Advance(bytes.Length);
        ReadAhead(bytes);
    }

    /// <summary>Handles what was received, as far as the host takes the replies and other hosts need not wait for long.</summary>
    /// <returns>True when everything is answered, and the answers are sent.</returns>
    internal bool Serve()
    {
        if (_bug is not null)
        {
            throw new InvalidOperationException("a reply could not be finished", _bug);
        }

        long began = loop.Time.GetTimestamp();
        for (int pieces = 0; _work is null && pieces < PiecesAtOnce;)
        {
            if (loop.Time.GetElapsedTime(began) > Turn)
            {
                // What is at hand makes no descriptor ready: come back by ourselves.
                ServeLater();
                return false;
            }

            if (_current.Output.Count >= SendBytes && !Send())
            {
                return false;
            }

            if (_current.Writer.Pending is not null)
            {
                // A piece fits behind little else; more would make the buffer grow for nothing.
                if (_current.Output.Count > SmallOutputBytes && !Send())
                {
                    return false;
                }

                pieces++;
                GoOn();
            }
            else if (!TryServeNext(out bool isDone))
            {
                return isDone;
            }
        }

        return false;
    }

    /// <summary>The host is gone or does not listen any more: what it did not read is not wanted. What it sent still counts.</summary>
    internal void DropReplies()
    {
        _hostIsDeaf = true;
        if (_work is null)
        {
            _current.Writer.Restart();
            _current.Output.Clear();
        }
    }

    /// <summary>Forgets the host: no half request of it and no reply that it did not read may meet the next one.</summary>
    internal void StartAfresh()
    {
        _held = null;
        _hostIsDeaf = false;
        _ahead?.Dispose();
        _ahead = null;
        if (_work is not null)
        {
            Abandon(new Conversation());
        }
        else
        {
            _next?.Dispose();
            _next = null;
            _current.Reset();
        }

        outlet.StartAfresh();
    }

    /// <summary>
    /// Another host is there than the one that asked for a reply which is half out or begun: that reply ends where it is. All else stays, for it
    /// may be what the new one asked or is to hear.
    /// </summary>
    internal void EndHalfReply()
    {
        bool isInsideLine = outlet.IsInsideLine;
        if (_work is null)
        {
            EndReplyInOutput(isInsideLine);
        }
        else if (isInsideLine)
        {
            Conversation received = _next!;
            _next = null;
            _ahead?.Dispose();
            _ahead = null;
            AbandonAndEndLine(received);
        }
    }

    /// <summary>
    /// Gives back what only a busy host needs, when it has been quiet for a moment: a host often asks again at once, and then finds all of it at hand.
    /// </summary>
    internal void Rest()
    {
        bool isAtWork = _work is not null || _held is not null || _current.Writer.Pending is not null;
        if (!isAtWork && loop.Time.GetElapsedTime(_lastServed) >= RestPause)
        {
            _spare?.Dispose();
            _spare = null;
            _current.Rest();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _next?.Dispose();
        _ahead?.Dispose();
        _spare?.Dispose();
        if (_work is null)
        {
            _current.Dispose();
        }
        else
        {
            outlet.Abandon(_current);
        }
    }

    /// <summary>Takes another turn. The channel may give us one as well: two queued for one would become more with every round.</summary>
    private void ServeLater()
    {
        if (!_servesLater)
        {
            _servesLater = true;
            loop.Post(() =>
            {
                _servesLater = false;
                serve();
            });
        }
    }

    /// <summary>Handles the next request, or sends what waits when there is none.</summary>
    /// <param name="isDone">Whether there is none, and all is sent.</param>
    /// <returns>False when there is nothing to do until the channel is ready again.</returns>
    private bool TryServeNext(out bool isDone)
    {
        isDone = false;
        if (_next is not null)
        {
            // The reply of the command that ran on a worker goes out; then what came meanwhile is served.
            if (!Send())
            {
                return false;
            }

            Recycle(_current);
            _current = _next;
            _next = null;
        }

        Frame frame = _held ?? Frame.Read(_current.Frames);
        _held = null;
        switch (frame.Status)
        {
            case FrameStatus.NeedMoreData:
                isDone = Send();
                if (_hadLargeFrame)
                {
                    _hadLargeFrame = false;
                    ManagedMemory.Settle(MaxManagedBytes);
                }

                _lastServed = loop.Time.GetTimestamp();
                served();
                return false;
            case FrameStatus.Error:
                ResponseWriter.WriteError(_current.Writer, ErrorClass.GenericError, frame.Error!, default);
                return true;
            default:
                return TryHandle(frame);
        }
    }

    /// <returns>False when its turn has not come: the host must take what waits for it first.</returns>
    private bool TryHandle(in Frame frame)
    {
        _hadLargeFrame |= frame.Value.Text.Length > LargeFrameBytes;
        if (!handler.Accept(_current, frame.Value, out _request, out _command))
        {
            return true;
        }

        if (!_command.MayBlock)
        {
            handler.Execute(_current, _request, _command);
        }
        else if (Send())
        {
            _next = _spare ?? new Conversation();
            _spare = null;
            _current.Frames.MoveRestTo(_next.Frames);
            GoOn();
        }
        else
        {
            // Earlier replies must neither wait for it nor be dropped with its own, and the worker needs the output for itself.
            _held = frame;
            return false;
        }

        return true;
    }

    /// <summary>Has a command that may block start, or a reply go on that is pending in a stream.</summary>
    private void GoOn()
    {
        if (!_command!.MayBlock)
        {
            RequestHandler.Stream(_current, _request);
            return;
        }

        BlockingCommand work = _spareWork ?? new BlockingCommand(handler, outlet, loop, workers, WorkDone);
        _spareWork = null;
        try
        {
            work.Start(_current, _request, _command);
            _work = work;
        }
        catch (QapiException noThread) when (_current.Writer.Pending is null)
        {
            ResponseWriter.WriteError(_current.Writer, noThread.ErrorClass, noThread.Message, _request.Id);
        }
    }

    private void WorkDone(BlockingCommand work)
    {
        if (work.Conversation.IsAbandoned)
        {
            work.Conversation.Dispose();
            return;
        }

        _work = null;
        _spareWork = work;
        _bug = work.Bug;
        _ahead?.Dispose();
        _ahead = null;
        if (_hostIsDeaf || work.HostIsGone)
        {
            DropReplies();
        }

        serve();
    }

    /// <summary>
    /// While a command runs: a sync that comes late means that the host does not wait for it any more, nor for what it sent in between.
    /// </summary>
    private void ReadAhead(ReadOnlySpan<byte> received)
    {
        if (_work is not { IsLate: true })
        {
            return;
        }

        _ahead ??= new Conversation();
        received.CopyTo(_ahead.Frames.GetSpan(received.Length));
        _ahead.Frames.Advance(received.Length);
        Frame frame = Frame.Read(_ahead.Frames);
        while (frame.Status != FrameStatus.NeedMoreData && !frame.StartsConversation)
        {
            frame = Frame.Read(_ahead.Frames);
        }

        if (frame.Status != FrameStatus.NeedMoreData)
        {
            AbandonAndEndLine(_ahead);
            _ahead = null;
            _held = frame;
        }
    }

    /// <summary>Drops the rest of a reply that no worker is at, and what follows it when that is only begun.</summary>
    private void EndReplyInOutput(bool isInsideLine)
    {
        ByteBuffer output = _current.Output;
        if (_current.Writer.Pending is not null)
        {
            output.Truncate(output.Bytes.LastIndexOf((byte)'\n') + 1);
            _current.Writer.Restart();
        }

        if (isInsideLine)
        {
            int end = output.Bytes.IndexOf((byte)'\n');
            output.Consume(end >= 0 ? end : output.Count);
            if (end < 0)
            {
                output.Append((byte)'\n');
            }
        }
    }

    /// <summary>The same as <see cref="Abandon"/>. When half of that reply is out, what comes now must not look like the rest of it.</summary>
    private void AbandonAndEndLine(Conversation successor)
    {
        if (Abandon(successor))
        {
            _current.Output.Append((byte)'\n');
        }
    }

    /// <summary>Goes on with another conversation while the command still runs; its reply will be dropped.</summary>
    /// <returns>Whether the host has half a line of that reply.</returns>
    private bool Abandon(Conversation successor)
    {
        bool isInsideLine = outlet.Abandon(_current);
        _work = null;
        _current = successor;
        _next?.Dispose();
        _next = null;
        return isInsideLine;
    }

    /// <summary>Keeps a conversation that is over for the next command that may block.</summary>
    private void Recycle(Conversation over)
    {
        if (_spare is null)
        {
            over.Reset();
            _spare = over;
        }
        else
        {
            over.Dispose();
        }
    }

    /// <summary>Sends what waits.</summary>
    /// <returns>False when the host does not take all of it now.</returns>
    private bool Send()
    {
        switch (outlet.Send(_current))
        {
            case SendStatus.HostIsBusy:
                return false;
            case SendStatus.HostIsGone:
                // It closed its end with our replies unread.
                DropReplies();
                break;
        }

        return true;
    }
}
