using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>What the system knows of its memory and of who waits for it.</summary>
internal interface IMemoryUse
{
    /// <summary>The figures as they are now.</summary>
    /// <exception cref="QapiException">GenericError: the system does not tell.</exception>
    GuestwireMemory Read();
}
