using System.Runtime.Versioning;
using Guestwire.Agent.Channels;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.State;

namespace Guestwire.Agent;

/// <summary>
/// The agent at work: owns the channel or the listening socket, keeps a session for each host, and opens again what was lost.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class AgentServer : IEventSource, ISessionOwner, IDisposable
{
    /// <summary>Connections served at once; further ones wait in the kernel.</summary>
    private const int MaxSessions = 16;

    /// <summary>Pause before a lost channel is opened again, as in the reference.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    /// <summary>Pause before a connection is accepted for which there was no descriptor.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromSeconds(1);

    /// <summary>Pause before a serial line that hung up is opened again.</summary>
    private static readonly TimeSpan ReopenPause = TimeSpan.FromSeconds(1);

    /// <summary>Managed memory that may stay when no host asks for anything.</summary>
    private const long MaxManagedBytesAtRest = 256 * 1024;

    private readonly AgentSettings _settings;
    private readonly IAgentLog _log;
    private readonly EventLoop _loop;
    private readonly RequestHandler _handler;
    private readonly FreezeEngine _freeze;
    private readonly WorkerThreads _workers = new();
    private readonly List<Session> _sessions = [];
    private Listener? _listener;
    private bool _acceptsLater;
    private bool _restsLater;
    private long _lastServed;

    internal AgentServer(AgentSettings settings, IAgentLog log, EventLoop loop, RequestHandler handler, FreezeEngine freeze)
    {
        _settings = settings;
        _log = log;
        _loop = loop;
        _handler = handler;
        _freeze = freeze;
    }

    /// <inheritdoc/>
    int IEventSource.Descriptor => HasPlace && !_acceptsLater ? _listener!.Descriptor : -1;

    /// <inheritdoc/>
    short IEventSource.Events => Libc.POLLIN;

    /// <summary>Whether filesystems are frozen, so that nothing may be written.</summary>
    public bool IsFrozen => _freeze.IsSilent;

    private bool HasPlace
    {
        get
        {
            int taken = 0;
            foreach (Session session in _sessions)
            {
                taken += session.IsDeserted ? 0 : 1;
            }

            return taken < MaxSessions;
        }
    }

    /// <summary>Opens the channel that the settings name.</summary>
    /// <exception cref="ChannelException">It cannot be opened.</exception>
    public void OpenChannel()
    {
        switch (_settings.Method)
        {
            case ChannelMethod.VirtioSerial:
                _sessions.Add(NewSession(VirtioSerialChannel.Open(_settings.Path)));
                break;
            case ChannelMethod.IsaSerial:
                _sessions.Add(NewSession(IsaSerialChannel.Open(_settings.Path)));
                break;
            default:
                _listener = _settings.ListenDescriptor is int descriptor ? Listener.Adopt(descriptor)
                    : _settings.Method == ChannelMethod.UnixListen ? Listener.OnUnix(_settings.Path)
                    : Listener.OnVsock(_settings.Path);
                _loop.Add(this);
                break;
        }
    }

    /// <summary>Serves until a signal says otherwise, or the channel is lost for good. Then nothing is frozen any more.</summary>
    /// <param name="signals">A signalfd(2) for the signals that end the agent.</param>
    /// <returns>The exit status of the process.</returns>
    public int Run(int signals)
    {
        _loop.Add(new SignalSource(signals, _loop, _log));
        int status = _loop.Run();
        _freeze.End();
        return status;
    }

    /// <summary>Calls an action that writes to disk: at once, or when filesystems have thawed, and then on any thread.</summary>
    public void WhenThawed(Action action) => _freeze.WhenThawed(action);

    /// <inheritdoc/>
    void IEventSource.OnReady(short happened)
    {
        if (_listener!.Accept() is { } connection)
        {
            _sessions.Add(NewSession(connection));
        }
        else if (Errno.Last is Errno.EMFILE or Errno.ENFILE)
        {
            // The connection stays in the queue and the socket ready; without a pause poll(2) would return at once, for ever.
            _log.Log(LogLevel.Warning, $"cannot accept a connection: {Errno.Text(Errno.Last)}; trying again");
            _acceptsLater = true;
            _loop.After(AcceptPause, () => _acceptsLater = false);
        }
    }

    /// <inheritdoc/>
    void ISessionOwner.HostServed()
    {
        _lastServed = _loop.Time.GetTimestamp();
        if (!_restsLater)
        {
            _restsLater = true;
            _loop.After(RequestQueue.RestPause, Rest);
        }
    }

    /// <inheritdoc/>
    void ISessionOwner.SessionEnded(Session session, int error)
    {
        _sessions.Remove(session);
        session.Dispose();
        if (session.WhenHostLeaves == HostLeft.ClosesSession)
        {
            return;
        }

        if (error == 0)
        {
            // A serial line hung up; it comes back when the other end does.
            _loop.After(ReopenPause, () => Reopen(ReopenPause));
        }
        else if (_settings.RetryPath)
        {
            _log.Log(LogLevel.Warning, $"channel '{_settings.Path}' is lost: {Errno.Text(error)}; trying again");
            _loop.After(RetryPause, () => Reopen(RetryPause));
        }
        else
        {
            _log.Log(LogLevel.Critical, $"error reading channel '{_settings.Path}': {Errno.Text(error)}");
            _loop.Stop(0);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Also an agent that never served leaves nothing frozen.</remarks>
    public void Dispose()
    {
        _freeze.End();
        foreach (Session session in _sessions)
        {
            session.Dispose();
        }

        _listener?.Dispose();
        _loop.Dispose();
    }

    /// <summary>Each second while hosts are busy, and once behind them: after any load the agent is as small as before it.</summary>
    private void Rest()
    {
        foreach (Session session in _sessions)
        {
            session.Rest();
        }

        _restsLater = _loop.Time.GetElapsedTime(_lastServed) < RequestQueue.RestPause;
        if (_restsLater)
        {
            _loop.After(RequestQueue.RestPause, Rest);
        }
        else
        {
            ManagedMemory.Settle(MaxManagedBytesAtRest);
            _ = Libc.MallocTrim(0);
        }
    }

    private Session NewSession(Channel channel) => new(_loop, channel, _handler, _workers, this);

    private void Reopen(TimeSpan pause)
    {
        try
        {
            OpenChannel();
        }
        catch (ChannelException error)
        {
            _log.Log(LogLevel.Debug, error.Message);
            _loop.After(pause, () => Reopen(pause));
        }
    }

    /// <summary>Ends the loop when a signal asks for it.</summary>
    private sealed class SignalSource(int descriptor, EventLoop loop, IAgentLog log) : IEventSource
    {
        public int Descriptor => descriptor;

        public short Events => Libc.POLLIN;

        public void OnReady(short happened)
        {
            log.Log(LogLevel.Debug, "told to stop by a signal, quitting");
            loop.Stop(0);
        }
    }
}
