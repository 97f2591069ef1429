namespace Guestwire.Client;

/// <summary>The channel on which a domain's agent is reached.</summary>
/// <param name="IsConnected">Whether somebody in the guest has opened its port.</param>
/// <param name="SocketPath">The socket on its host, which libvirt holds while the domain runs; null when it has none.</param>
internal sealed record LibvirtAgentChannel(bool IsConnected, string? SocketPath);
