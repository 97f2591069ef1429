using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>Stops the system and puts it to sleep.</summary>
internal interface IPowerControl
{
    /// <summary>Starts an orderly shutdown; returns when it is under way.</summary>
    /// <exception cref="QapiException">GenericError: it could not be started.</exception>
    void ShutDown(ShutdownMode mode);

    /// <summary>Puts the system to sleep; returns when it is about to, or after it woke.</summary>
    /// <exception cref="QapiException">GenericError: the system cannot sleep so, or every way to it failed.</exception>
    void Suspend(SuspendMode mode);
}
