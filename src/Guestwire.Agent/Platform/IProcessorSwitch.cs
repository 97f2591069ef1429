using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>Switches logical processors on and off.</summary>
internal interface IProcessorSwitch
{
    /// <summary>Switches a processor; one that is as it shall be is left alone. May take seconds.</summary>
    /// <param name="number">The system's number for it.</param>
    /// <param name="online">Whether the system shall use it.</param>
    /// <exception cref="QapiException">GenericError: there is no such processor, it cannot be switched off, or the system refused.</exception>
    void Switch(long number, bool online);
}
