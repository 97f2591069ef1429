using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>The system's clock, and the machine's own clock behind it, which runs on while the system does not.</summary>
internal interface IWallClock
{
    /// <summary>Sets the system's clock.</summary>
    /// <param name="seconds">Whole seconds since the start of 1970, UTC.</param>
    /// <param name="nanoseconds">What is beyond them.</param>
    /// <exception cref="QapiException">GenericError: the system refused.</exception>
    void Set(long seconds, long nanoseconds);

    /// <summary>Sets the system's clock from the hardware clock; may take a second.</summary>
    /// <exception cref="QapiException">GenericError: there is none, or the system refused.</exception>
    void SetFromHardware();

    /// <summary>Sets the hardware clock from the system's.</summary>
    /// <returns>False when there is no hardware clock.</returns>
    /// <exception cref="QapiException">GenericError: there is one, but it could not be set.</exception>
    bool TrySetHardware();
}
