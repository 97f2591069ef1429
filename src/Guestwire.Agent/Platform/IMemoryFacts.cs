using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>What the system knows of the blocks in which its memory is switched on and off.</summary>
internal interface IMemoryFacts
{
    /// <summary>Every block, in the system's order; none when the system does not manage memory in blocks.</summary>
    /// <exception cref="QapiException">They could not be listed, or there is not one.</exception>
    IReadOnlyList<GuestMemoryBlock> ListBlocks();

    /// <summary>Size of every block, in bytes.</summary>
    /// <exception cref="QapiException">The system does not manage memory in blocks.</exception>
    ulong ReadBlockSizeBytes();
}
