using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>What the system knows of its processes.</summary>
internal interface IProcessFacts
{
    /// <summary>Some of them, by their numbers.</summary>
    /// <param name="after">Only those with higher numbers.</param>
    /// <param name="limit">How many at most; there may be fewer though more follow.</param>
    /// <exception cref="QapiException">GenericError: they could not be listed.</exception>
    GuestwireProcessList List(long after, int limit);
}
