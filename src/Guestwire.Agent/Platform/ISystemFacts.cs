using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>What the system knows of itself.</summary>
internal interface ISystemFacts
{
    /// <summary>The system's name, as it is set now.</summary>
    /// <exception cref="QapiException">The system refused.</exception>
    string ReadHostName();

    /// <summary>The time zone and its offset as it holds now.</summary>
    /// <exception cref="QapiException">The system refused.</exception>
    GuestTimezone ReadTimezone();

    /// <summary>Kernel and distribution; what is not known is left out.</summary>
    GuestOSInfo ReadOperatingSystem();

    /// <summary>The load averages.</summary>
    /// <exception cref="QapiException">The system refused.</exception>
    GuestLoadAverage ReadLoad();
}
