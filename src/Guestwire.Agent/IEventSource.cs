namespace Guestwire.Agent;

/// <summary>Something with a descriptor that the event loop watches.</summary>
internal interface IEventSource
{
    /// <summary>The descriptor, or -1 when there is nothing to watch at the moment.</summary>
    int Descriptor { get; }

    /// <summary>What to watch for: <c>POLLIN</c>, <c>POLLOUT</c>; errors and hang-up are always told.</summary>
    short Events { get; }

    /// <summary>Something happened. Must not block.</summary>
    /// <param name="happened">What poll(2) returned.</param>
    void OnReady(short happened);
}
