namespace Guestwire.Agent;

/// <summary>Who gave a session its channel and must hear that it is over.</summary>
internal interface ISessionOwner
{
    /// <summary>The session has ended; it is the owner's to dispose of.</summary>
    /// <param name="session">The session.</param>
    /// <param name="error">The error number of a channel that failed, 0 when the host left.</param>
    void SessionEnded(Session session, int error);

    /// <summary>Told when a session has answered all that came.</summary>
    void HostServed();
}
