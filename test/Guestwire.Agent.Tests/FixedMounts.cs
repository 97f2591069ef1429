using Guestwire.Agent.Platform;

namespace Guestwire.Agent.Tests;

/// <summary>A mount table of the test's own.</summary>
internal sealed class FixedMounts(params Mount[] mounts) : IMountTable
{
    /// <inheritdoc/>
    public IReadOnlyList<Mount> Read() => [.. mounts.DistinctBy(mount => (mount.Major, mount.Minor))];

    /// <inheritdoc/>
    public IReadOnlyList<Mount> ReadAll() => [.. mounts.Where(mount => mount.Major != 0)];

    /// <inheritdoc/>
    public IReadOnlyList<Mount> ReadOthers() => [.. mounts.Where(mount => mount.Major == 0)];
}
