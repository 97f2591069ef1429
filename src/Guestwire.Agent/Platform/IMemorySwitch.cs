using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>Switches blocks of memory on and off.</summary>
internal interface IMemorySwitch
{
    /// <summary>Switches a block; one that is as it shall be is left alone. May take seconds, while the system moves what is in it.</summary>
    /// <param name="number">The system's number for it.</param>
    /// <param name="online">Whether the system shall use it.</param>
    /// <returns>How it ended.</returns>
    GuestMemoryBlockResponse Switch(ulong number, bool online);
}
