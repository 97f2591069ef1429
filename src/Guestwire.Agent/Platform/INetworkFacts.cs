using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>What the system knows of its network.</summary>
internal interface INetworkFacts
{
    /// <summary>Every interface, once, in the system's order.</summary>
    /// <exception cref="QapiException">They could not be listed.</exception>
    IReadOnlyList<GuestNetworkInterface> ListInterfaces();

    /// <summary>Every route, version 4 first, in the system's order.</summary>
    /// <exception cref="QapiException">There is no table of either version.</exception>
    IReadOnlyList<GuestNetworkRoute> ListRoutes();
}
