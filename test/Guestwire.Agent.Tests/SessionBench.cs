using Guestwire.Agent.Channels;
using Guestwire.Agent.Commands;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Tests;

/// <summary>Sessions over a unix socket in a folder of the test's own; what the server would do is written down instead.</summary>
internal sealed class SessionBench : ISessionOwner, IDisposable
{
    private readonly Listener _listener;
    private readonly List<Session> _sessions = [];
    private readonly WorkerThreads _workers = new();

    /// <param name="files">The files; null for the machine's own.</param>
    /// <param name="settings">What is configured about freezes; null for nothing.</param>
    internal SessionBench(IFileCommands? files = null, FreezeSettings? settings = null)
    {
        Parts = new AgentParts(files, settings);
        _listener = Listener.OnUnix(Parts["socket"]);
    }

    internal AgentParts Parts { get; }

    /// <summary>How many sessions are over.</summary>
    internal int Ended { get; private set; }

    /// <summary>A host, and the session that serves it.</summary>
    internal (Host Host, Session Session) Connect()
    {
        Host host = new(Parts["socket"]);
        return (host, Accept());
    }

    /// <summary>The session that serves a host that has just connected.</summary>
    internal Session Accept() => Serve(_listener.Accept()!);

    /// <summary>The session that serves whoever is at the other end.</summary>
    internal Session Serve(Channel channel)
    {
        Session session = new(Parts.Loop, channel, Parts.Handler, _workers, this);
        _sessions.Add(session);
        return session;
    }

    /// <inheritdoc/>
    void ISessionOwner.SessionEnded(Session session, int error)
    {
        Ended++;
        _sessions.Remove(session);
        session.Dispose();
    }

    /// <inheritdoc/>
    void ISessionOwner.HostServed()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Session session in _sessions)
        {
            session.Dispose();
        }

        _listener.Dispose();
        Parts.Dispose();
    }
}
