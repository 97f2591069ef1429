using Guestwire.Client.Links;

namespace Guestwire.Client;

/// <summary>How an agent is reached.</summary>
public abstract record GuestTransport
{
    private protected GuestTransport()
    {
    }

    /// <summary>
    /// Reads a target: <c>unix:PATH</c>, <c>vsock:CID:PORT</c>, <c>serial:PATH</c>, <c>libvirt:DOMAIN</c>, <c>libvirt:URI/DOMAIN</c> or <c>pve:ID</c>.
    /// </summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static GuestTransport Parse(string target) => TargetText.Parse(target);

    /// <summary>Opens a link; the agent need not be there yet.</summary>
    /// <exception cref="IOException">There is nothing to open.</exception>
    internal abstract ValueTask<GuestLink> OpenAsync(GuestClientOptions options, CancellationToken cancellation);

    /// <summary>The target as <see cref="Parse"/> reads it.</summary>
    public abstract override string ToString();
}
