using System.Runtime.Versioning;
using Guestwire.Agent.Channels;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;

namespace Guestwire.Agent;

/// <summary>
/// One host on one channel: reads requests, has them handled, answers them in order. Nothing is written that was not asked for.
/// </summary>
/// <remarks>
/// <para>Replies are gathered and sent when the input is used up, or when enough of them wait. While some wait because the host does
/// not read, nothing more is read: a host that does not listen costs no time and a bounded amount of memory.</para>
/// <para>A command that may block runs on a thread of its own. What comes meanwhile is collected, to be served after it. But when a
/// guest-sync (or a bare 0xFF) comes while the command has been running for over a second, the host has given up on the reply: a new
/// conversation starts there at once, and what was asked before it is dropped. docs/decisions/0004-sessions-and-conversations.md.</para>
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class Session : IEventSource, IDisposable
{
    /// <summary>Replies are sent when so many bytes of them wait.</summary>
    private const int SendBytes = 64 * 1024;

    /// <summary>Bytes of a streamed reply that are read at once: a multiple of three, so that pieces of base64 join without padding.</summary>
    private const int PieceBytes = 48 * 1024;

    /// <summary>What may wait when the next piece of a stream is read: the start of a reply, and short replies before it.</summary>
    private const int SmallOutputBytes = 4 * 1024;

    /// <summary>Reads of input before what was read is looked at.</summary>
    private const int ReadsAtOnce = 16;

    /// <summary>Pieces of a stream that are served before the other sessions get their turn.</summary>
    private const int PiecesAtOnce = 16;

    /// <summary>Time after which a session with more requests at hand lets the others have their turn.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(10);

    /// <summary>Pause after the host of a port left, for the kernel to catch up with what happened there.</summary>
    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(50);

    /// <summary>Managed memory that may stay after a large request; far more than any small one needs.</summary>
    private const long MaxManagedBytes = 1024 * 1024;

    /// <summary>Bytes taken from a host while a command runs; beyond that it has to wait.</summary>
    private const int MaxBacklogBytes = 1024 * 1024;

    private readonly EventLoop _loop;
    private readonly Channel _channel;
    private readonly RequestHandler _handler;
    private readonly ISessionOwner _owner;

    // Being answered. While a command runs on a worker it is the worker's alone.
    private Conversation _current = new();

    // Being read into while the current one is not yet answered to its end.
    private Conversation? _next;
    private BlockingCommand? _work;

    // What came since the command on the worker is late, read ahead for a sync; it takes over when there is one.
    private Conversation? _ahead;

    // The request whose reply is being streamed.
    private Request _streamed;

    // A frame that was read and waits for its turn.
    private Frame? _held;

    private bool _hadLargeFrame;
    private bool _inputEnded;
    private bool _hostIsDeaf;
    private bool _servesLater;
    private bool _settles;

    // Whether the host has the beginning of a line, and not yet its end.
    private bool _lineIsOut;
    private bool _ended;

    internal Session(EventLoop loop, Channel channel, RequestHandler handler, ISessionOwner owner)
    {
        _loop = loop;
        _channel = channel;
        _handler = handler;
        _owner = owner;
        loop.Add(this);
    }

    /// <summary>What the end of input means on this session's channel.</summary>
    internal HostLeft WhenHostLeaves => _channel.WhenHostLeaves;

    /// <inheritdoc/>
    /// <remarks>
    /// A connection of which nothing is wanted is not watched at all: when its host is gone, poll(2) would say so again and again. A port
    /// is: what its host did not wait for must not reach the next one.
    /// </remarks>
    public int Descriptor => _settles || (Events == 0 && WhenHostLeaves == HostLeft.ClosesSession) ? -1 : _channel.Descriptor;

    /// <inheritdoc/>
    public short Events =>
        _channel.IsHostAway ? Libc.POLLIN
        : WantsOutput ? Libc.POLLOUT
        : _inputEnded || _held is not null || _next is { Frames.BufferedBytes: > MaxBacklogBytes } ? (short)0
        : Libc.POLLIN;

    private bool WantsOutput => _work is null && _current.Output.Count > 0;

    /// <inheritdoc/>
    public void OnReady(short happened)
    {
        if (_channel.IsHostAway)
        {
            _channel.HostIsBack();
            return;
        }

        try
        {
            if (Events == Libc.POLLIN)
            {
                Receive();
            }
            else if ((happened & Libc.POLLOUT) == 0)
            {
                // Hung up with replies unread.
                HostIsGone();
            }
        }
        catch (Exception bug)
        {
            GiveUp(bug);
        }

        Serve();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended = true;
        _loop.Remove(this);
        _channel.Dispose();
        _next?.Dispose();
        _ahead?.Dispose();
        if (_work is null)
        {
            _current.Dispose();
        }
        else
        {
            _work.IsAbandoned = true;
        }
    }

    /// <summary>Reads what there is, up to a bound: a large request comes in many pieces, and other sessions wait.</summary>
    private void Receive()
    {
        for (int reads = 0; reads < ReadsAtOnce; reads++)
        {
            Conversation conversation = _next ?? _current;
            Span<byte> room = conversation.Frames.GetSpan(SendBytes);
            int count = _channel.Read(room);
            if (count > 0)
            {
                conversation.Frames.Advance(count);
                ReadAhead(room[..count]);
            }
            else if (count == 0)
            {
                HostIsGone();
            }
            else if (Errno.Last != Errno.EAGAIN)
            {
                End(Errno.Last);
            }

            if (count < room.Length || _held is not null)
            {
                return;
            }
        }
    }

    /// <summary>Handles what was received, as far as the host takes the replies.</summary>
    private void Serve()
    {
        try
        {
            ServeTurn();
        }
        catch (Exception bug)
        {
            GiveUp(bug);
        }
    }

    private void ServeTurn()
    {
        long began = _loop.Time.GetTimestamp();
        for (int pieces = 0; !_ended && pieces < PiecesAtOnce;)
        {
            if (_loop.Time.GetElapsedTime(began) > Turn)
            {
                // What is at hand makes no descriptor ready: come back by ourselves.
                ServeLater();
                return;
            }

            if (_work is not null)
            {
                return;
            }

            if (_current.Output.Count >= SendBytes && !Send())
            {
                return;
            }
            else if (_current.Writer.Pending is not null)
            {
                // A piece fits behind little else; more would make the buffer grow for nothing.
                if (_current.Output.Count > SmallOutputBytes && !Send())
                {
                    return;
                }

                pieces++;
                _current.Writer.Pull(PieceBytes);
                if (_current.Writer.Pending is null)
                {
                    RequestHandler.Finish(_current, _streamed);
                }
            }
            else if (!ServeNext())
            {
                return;
            }
        }
    }

    /// <summary>Takes another turn. The channel may give us one as well: two queued for one would become more with every round.</summary>
    private void ServeLater()
    {
        if (!_servesLater)
        {
            _servesLater = true;
            _loop.Post(() =>
            {
                _servesLater = false;
                Serve();
            });
        }
    }

    /// <summary>Handles the next request, or sends what waits when there is none.</summary>
    /// <returns>False when there is nothing to do until the channel is ready again.</returns>
    private bool ServeNext()
    {
        if (_next is not null)
        {
            // The reply of the command that ran on a worker goes out; then what came meanwhile is served.
            if (!Send())
            {
                return false;
            }

            _current.Dispose();
            _current = _next;
            _next = null;
        }

        Frame frame = _held ?? Frame.Read(_current.Frames);
        _held = null;
        switch (frame.Status)
        {
            case FrameStatus.NeedMoreData:
                if (Send() && _inputEnded)
                {
                    End(0);
                }

                SettleMemory();
                return false;
            case FrameStatus.Error:
                ResponseWriter.WriteError(_current.Writer, ErrorClass.GenericError, frame.Error!, default);
                return true;
            default:
                _hadLargeFrame |= frame.Value.Text.Length > SendBytes;
                if (!_handler.Accept(_current, frame.Value, out Request request, out CommandInfo command))
                {
                    return true;
                }

                if (command.MayBlock && !Send())
                {
                    // Earlier replies must neither wait for it nor be dropped with its own, and the worker needs the output for itself.
                    _held = frame;
                    return false;
                }

                Run(request, command);
                return true;
        }
    }

    /// <summary>
    /// A large request may have made large strings. The runtime keeps what it once had; here it gives it back, at a moment when nobody waits.
    /// </summary>
    private void SettleMemory()
    {
        if (_hadLargeFrame)
        {
            _hadLargeFrame = false;
            if (GC.GetTotalMemory(forceFullCollection: false) > MaxManagedBytes)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
    }

    private void Run(in Request request, CommandInfo command)
    {
        if (!command.MayBlock)
        {
            _streamed = request;
            _handler.Execute(_current, request, command);
            return;
        }

        _next = new Conversation();
        _current.Frames.MoveRestTo(_next.Frames);
        _work = BlockingCommand.Start(_current, request, command, _handler, _loop, WorkDone);
    }

    private void WorkDone(BlockingCommand work)
    {
        if (work.IsAbandoned)
        {
            work.Conversation.Dispose();
            return;
        }

        _work = null;
        _ahead?.Dispose();
        _ahead = null;
        _streamed = work.Request;
        if (_hostIsDeaf)
        {
            DropReplies();
        }

        Serve();
    }

    /// <summary>
    /// While a command runs: a sync that comes late means that the host does not wait for it any more, nor for what it sent in between.
    /// </summary>
    private void ReadAhead(ReadOnlySpan<byte> received)
    {
        if (_work is not { IsLate: true } work)
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
            Abandon(work, _ahead);
            _ahead = null;
            _held = frame;
        }
    }

    /// <summary>Goes on with another conversation while the command still runs; its reply will be dropped.</summary>
    private void Abandon(BlockingCommand work, Conversation successor)
    {
        work.IsAbandoned = true;
        _work = null;
        _current = successor;
        _next?.Dispose();
        _next = null;
    }

    /// <summary>Sends what waits.</summary>
    /// <returns>False when the host does not take all of it now.</returns>
    private bool Send()
    {
        while (_current.Output.Count > 0)
        {
            int count = _channel.Write(_current.Output.Bytes);
            if (count >= 0)
            {
                _lineIsOut = count > 0 ? _current.Output.Bytes[count - 1] != (byte)'\n' : _lineIsOut;
                _current.Output.Consume(count);
            }
            else if (Errno.Last == Errno.EAGAIN)
            {
                return false;
            }
            else
            {
                // It closed its end with our replies unread. What it sent before still counts.
                _hostIsDeaf = true;
                DropReplies();
            }
        }

        return true;
    }

    private void DropReplies()
    {
        _current.Writer.Restart();
        _current.Output.Clear();
    }

    /// <summary>The input ended, or the line hung up.</summary>
    private void HostIsGone()
    {
        switch (_channel.WhenHostLeaves)
        {
            case HostLeft.ClosesSession when !_inputEnded && !WantsOutput:
                // Perhaps only its sending half: it may still wait for replies.
                _inputEnded = true;
                break;
            case HostLeft.ClosesSession:
                _hostIsDeaf = true;
                DropReplies();
                break;
            case HostLeft.LeavesPortOpen when !_settles:
                _settles = true;
                _loop.After(SettlePause, PortHasSettled);
                break;
            case HostLeft.LeavesPortOpen:
                break;
            default:
                End(0);
                break;
        }
    }

    /// <summary>
    /// The host of a port left a moment ago. What a next host sends may arrive before the kernel says that it came, so what was read last may
    /// be of either. When somebody is there by now, whole replies that wait are sent: it can skip one that is not its own, but would wait
    /// for ever for one that is. When nobody is, nothing of the old host's may reach the next: no half request, no reply that it did not read.
    /// </summary>
    private void PortHasSettled()
    {
        _settles = false;
        if (_ended)
        {
            return;
        }

        if (_channel.IsHungUp())
        {
            StartAfresh();
            _channel.HostWentAway();
        }
        else if (_lineIsOut || _current.Writer.Pending is not null)
        {
            StartAfresh();
        }

        Serve();
    }

    private void StartAfresh()
    {
        _held = null;
        _hostIsDeaf = false;
        _lineIsOut = false;
        _ahead?.Dispose();
        _ahead = null;
        if (_work is not null)
        {
            Abandon(_work, new Conversation());
        }
        else
        {
            _next?.Dispose();
            _next = null;
            _current.Reset();
        }
    }

    /// <summary>No bug, and no lack of memory, in one session ends the others: this one is closed, and its host may come again.</summary>
    private void GiveUp(Exception bug)
    {
        _handler.Report("a session", bug);
        End(0);
    }

    private void End(int error)
    {
        if (!_ended)
        {
            _ended = true;
            _owner.SessionEnded(this, error);
        }
    }
}
