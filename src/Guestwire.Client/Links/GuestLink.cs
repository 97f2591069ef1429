using Guestwire.Protocol.Framing;

namespace Guestwire.Client.Links;

/// <summary>A way to one agent that is open. A link that broke stays broken; <see cref="GuestConnection"/> opens another.</summary>
internal abstract class GuestLink : IAsyncDisposable
{
    /// <summary>How many calls may usefully be on their way at once.</summary>
    internal abstract int MaxPipelined { get; }

    /// <summary>Requests up to this size get through, in bytes.</summary>
    internal virtual int MaxRequestBytes => FrameLimits.MaxTokenBytes;

    /// <summary>Whether nothing will come through it any more.</summary>
    internal abstract bool IsBroken { get; }

    /// <summary>
    /// Sends a request. It is on its way, in its order, when this returns; the call is told of the reply, or of the end of the link. Nothing is sent
    /// before the agent has proved to be there and to be at the same place in the stream.
    /// </summary>
    /// <param name="timeout">How long the reply may take; whoever waits for it keeps that time.</param>
    /// <exception cref="IOException">The link is broken.</exception>
    /// <exception cref="TimeoutException">The agent did not prove to be there in time.</exception>
    internal abstract ValueTask SendAsync(PendingCall call, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Nobody waits for this call any more, because its time is over.</summary>
    internal abstract void GiveUp(PendingCall call);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
