using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>What the system knows of its logical processors.</summary>
internal interface IProcessorFacts
{
    /// <summary>Every processor, those switched off too, in the system's order.</summary>
    /// <exception cref="QapiException">They could not be listed.</exception>
    IReadOnlyList<GuestLogicalProcessor> List();

    /// <summary>Where the time of each online processor went, in the system's order.</summary>
    /// <exception cref="QapiException">The counters could not be read.</exception>
    IReadOnlyList<GuestCpuStats> ReadTimes();
}
