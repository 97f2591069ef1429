using Guestwire.Client.Links;

namespace Guestwire.Client;

/// <summary>A domain of libvirt.</summary>
/// <param name="Uri">The connection; null for libvirt's default.</param>
/// <param name="Domain">The domain's name.</param>
public sealed record LibvirtTransport(string? Uri, string Domain) : GuestTransport
{
    /// <inheritdoc/>
    public override string ToString() => Uri is null ? $"libvirt:{Domain}" : $"libvirt:{Uri}/{Domain}";

    /// <inheritdoc/>
    internal override ValueTask<GuestLink> OpenAsync(GuestClientOptions options, CancellationToken cancellation) =>
        throw new NotImplementedException();
}
