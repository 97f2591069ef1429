using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-get-memory-blocks, guest-set-memory-blocks, guest-get-memory-block-info: memory that is switched on and off.</summary>
/// <param name="memory">What the system knows of its memory blocks.</param>
internal sealed class MemoryCommands(IMemoryFacts memory) : IMemoryCommands
{
    /// <inheritdoc/>
    public IReadOnlyList<GuestMemoryBlock> GuestGetMemoryBlocks() => memory.ListBlocks();

    /// <inheritdoc/>
    public IReadOnlyList<GuestMemoryBlockResponse> GuestSetMemoryBlocks(GuestSetMemoryBlocksArguments arguments) =>
        throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public GuestMemoryBlockInfo GuestGetMemoryBlockInfo() => new() { Size = memory.ReadBlockSizeBytes() };
}
