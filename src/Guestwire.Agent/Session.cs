using System.Runtime.Versioning;
using Guestwire.Agent.Channels;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent;

/// <summary>
/// One channel and the host at its other end: receives what it sends for the <see cref="RequestQueue"/>, and notices when it comes and goes.
/// </summary>
/// <remarks>
/// While replies wait because the host does not read, nothing more is received: a host that does not listen costs no time and a bounded
/// amount of memory.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class Session : IEventSource, IDisposable
{
    /// <summary>Bytes received at once.</summary>
    private const int ReadBytes = 64 * 1024;

    /// <summary>Reads of input before what was read is looked at.</summary>
    private const int ReadsAtOnce = 16;

    /// <summary>Pause after the host of a port left, for the kernel to catch up with what happened there.</summary>
    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(50);

    /// <summary>Time without a host after which nothing of the last one is left.</summary>
    private static readonly TimeSpan ForgetPause = TimeSpan.FromMilliseconds(500);

    private readonly EventLoop _loop;
    private readonly Channel _channel;
    private readonly RequestHandler _handler;
    private readonly ISessionOwner _owner;
    private readonly RequestQueue _requests;
    private readonly Action _forgetUnread;
    private bool _inputEnded;
    private bool _settles;
    private bool _ended;

    internal Session(EventLoop loop, Channel channel, RequestHandler handler, WorkerThreads workers, ISessionOwner owner)
    {
        _loop = loop;
        _channel = channel;
        _handler = handler;
        _owner = owner;
        _forgetUnread = ForgetUnread;
        _requests = new RequestQueue(loop, new Outlet(channel), handler, workers, Serve, owner.HostServed);
        loop.Add(this);
    }

    /// <summary>Gives back what a quiet host does not need.</summary>
    internal void Rest() => _requests.Rest();

    /// <summary>What the end of input means on this session's channel.</summary>
    internal HostLeft WhenHostLeaves => _channel.WhenHostLeaves;

    /// <summary>Whether its host closed the connection and only its last commands are still at work: it needs no place any more.</summary>
    internal bool IsDeserted { get; private set; }

    /// <inheritdoc/>
    /// <remarks>poll(2) would tell of a host that is gone again and again; once is enough when nothing else is wanted of the connection.</remarks>
    public int Descriptor => _settles || (Events == 0 && IsDeserted) ? -1 : _channel.Descriptor;

    /// <inheritdoc/>
    public short Events =>
        _channel.IsHostAway ? Libc.POLLIN
        : _requests.WantsOutput ? Libc.POLLOUT
        : _inputEnded || _requests.IsFull ? (short)0
        : Libc.POLLIN;

    /// <inheritdoc/>
    public void OnReady(short happened)
    {
        if (_channel.IsHostAway)
        {
            if (!_channel.HostIsBack())
            {
                // Somebody may have come, spoken and left again before we looked: the next one must not inherit it.
                HostIsGone();
            }

            return;
        }

        try
        {
            if (Events == Libc.POLLIN)
            {
                Receive();
            }
            else if (Events == 0 && WhenHostLeaves == HostLeft.ClosesSession)
            {
                // What it sent before still counts, and may not be read yet.
                IsDeserted = true;
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

        // First: a worker must find its conversation given up before it finds the channel closed.
        _requests.Dispose();
        _channel.Dispose();
    }

    /// <summary>Reads what there is, up to a bound: a large request comes in many pieces, and other sessions wait.</summary>
    private void Receive()
    {
        for (int reads = 0; reads < ReadsAtOnce && !_requests.IsFull; reads++)
        {
            Span<byte> room = _requests.GetRoom(ReadBytes);
            int count = _channel.Read(room);
            if (count > 0)
            {
                _requests.Received(room[..count]);
            }
            else if (count == 0)
            {
                HostIsGone();
            }
            else if (Errno.Last != Errno.EAGAIN)
            {
                End(Errno.Last);
            }

            if (count < room.Length)
            {
                return;
            }
        }
    }

    private void Serve()
    {
        try
        {
            // A turn that was asked for may come after the end.
            if (!_ended && _requests.Serve() && _inputEnded)
            {
                End(0);
            }
        }
        catch (Exception bug)
        {
            GiveUp(bug);
        }
    }

    /// <summary>The input ended, or the line hung up.</summary>
    private void HostIsGone()
    {
        switch (_channel.WhenHostLeaves)
        {
            case HostLeft.ClosesSession when !_inputEnded && !_requests.WantsOutput:
                // Perhaps only its sending half: it may still wait for replies.
                _inputEnded = true;
                break;
            case HostLeft.ClosesSession:
                _requests.DropReplies();
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
    /// be of either. When somebody is there by now, all that was received counts, and whole replies that wait are sent: it can skip one that is
    /// not its own, but would wait for ever for one that is. When nobody is, nothing of the old host's may reach the next: no half request, no
    /// reply that it did not read.
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
            _requests.StartAfresh();
            _channel.HostWentAway();
            ForgetUnreadLater();
        }
        else
        {
            _requests.EndHalfReply();
        }

        Serve();
    }

    /// <summary>
    /// What a host sent and the agent never read lies in the kernel, and would be handled and answered when the next one comes. Not dropped at
    /// once: on a busy machine the words of a next host can be there well before the kernel says that it came.
    /// </summary>
    private void ForgetUnreadLater()
    {
        // The pause runs from the last departure.
        _loop.Forget(_forgetUnread);
        _loop.After(ForgetPause, _forgetUnread);
    }

    private void ForgetUnread()
    {
        if (!_ended && _channel.IsHostAway)
        {
            _channel.DropUnread();
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
