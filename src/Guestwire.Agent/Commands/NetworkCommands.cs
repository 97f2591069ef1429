using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-network-*: interfaces and routes.</summary>
/// <param name="network">What the system knows of its network.</param>
internal sealed class NetworkCommands(INetworkFacts network) : INetworkCommands
{
    /// <inheritdoc/>
    public IReadOnlyList<GuestNetworkInterface> GuestNetworkGetInterfaces() => network.ListInterfaces();

    /// <inheritdoc/>
    public IReadOnlyList<GuestNetworkRoute> GuestNetworkGetRoute() => network.ListRoutes();
}
