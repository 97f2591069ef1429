using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>Holds filesystems still while the host takes a snapshot.</summary>
internal interface IFilesystemFreezer
{
    /// <summary>Blocks writes to a filesystem; may wait seconds for dirty pages.</summary>
    /// <param name="mounts">All mounts of one filesystem, the first one first.</param>
    /// <returns>
    /// Null when this kind of filesystem cannot be frozen, somebody else has frozen it, or other mounts cover all of its own; it is left as it was.
    /// </returns>
    /// <exception cref="QapiException">GenericError: the OS refused for any other reason; the text names the mountpoint.</exception>
    IFrozenFilesystem? TryFreeze(IReadOnlyList<Mount> mounts);

    /// <summary>Lets writes to a filesystem go on, whoever has frozen it, and as often as that was done.</summary>
    /// <param name="mounts">All mounts of one filesystem, the first one first.</param>
    /// <returns>False when it was not frozen.</returns>
    bool TryThaw(IReadOnlyList<Mount> mounts);
}
