using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>The filesystems that lie on a local block device.</summary>
internal interface IMountTable
{
    /// <summary>Reads the table: each device once, at its first mount, in the order of mounting.</summary>
    /// <exception cref="QapiException">The system's own table could not be read.</exception>
    IReadOnlyList<Mount> Read();

    /// <summary>Reads the table: every mount of a device, also its second mounts and bind mounts, in the order of mounting.</summary>
    /// <exception cref="QapiException">The system's own table could not be read.</exception>
    IReadOnlyList<Mount> ReadAll();

    /// <summary>Reads the rest of the table: mounts of what does not lie on a local block device, in the order of mounting.</summary>
    /// <exception cref="QapiException">The system's own table could not be read.</exception>
    IReadOnlyList<Mount> ReadOthers();
}
