using Guestwire.Client.Links;

namespace Guestwire.Client;

/// <summary>Vsock.</summary>
public sealed record VsockTransport(uint Cid, uint Port) : GuestTransport
{
    /// <inheritdoc/>
    public override string ToString() => $"vsock:{Cid}:{Port}";

    /// <inheritdoc/>
    internal override ValueTask<GuestLink> OpenAsync(GuestClientOptions options, CancellationToken cancellation) =>
        throw new NotImplementedException();
}
