using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-get-memory-blocks, guest-set-memory-blocks, guest-get-memory-block-info: memory that is switched on and off.</summary>
/// <param name="memory">What the system knows of its memory blocks.</param>
/// <param name="switches">Switches them.</param>
internal sealed class MemoryCommands(IMemoryFacts memory, IMemorySwitch switches) : IMemoryCommands
{
    /// <inheritdoc/>
    public IReadOnlyList<GuestMemoryBlock> GuestGetMemoryBlocks() => memory.ListBlocks();

    /// <inheritdoc/>
    public IReadOnlyList<GuestMemoryBlockResponse> GuestSetMemoryBlocks(GuestSetMemoryBlocksArguments arguments)
    {
        List<GuestMemoryBlockResponse> responses = [];
        foreach (GuestMemoryBlock wanted in arguments.MemBlks)
        {
            responses.Add(switches.Switch(wanted.PhysIndex, wanted.Online));
        }

        return responses;
    }

    /// <inheritdoc/>
    public GuestMemoryBlockInfo GuestGetMemoryBlockInfo() => new() { Size = memory.ReadBlockSizeBytes() };
}
