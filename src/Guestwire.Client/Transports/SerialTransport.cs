using Guestwire.Client.Links;

namespace Guestwire.Client;

/// <summary>Serial.</summary>
public sealed record SerialTransport(string Path) : GuestTransport
{
    /// <inheritdoc/>
    public override string ToString() => $"serial:{Path}";

    /// <inheritdoc/>
    internal override ValueTask<GuestLink> OpenAsync(GuestClientOptions options, CancellationToken cancellation) =>
        throw new NotImplementedException();
}
