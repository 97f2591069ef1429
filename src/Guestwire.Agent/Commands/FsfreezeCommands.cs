using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-fsfreeze-*: hold filesystems still for a snapshot.</summary>
internal sealed class FsfreezeCommands : IFsfreezeCommands
{
    /// <inheritdoc/>
    public GuestFsfreezeStatus GuestFsfreezeStatus() => throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public long GuestFsfreezeFreeze() => throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public long GuestFsfreezeFreezeList(GuestFsfreezeFreezeListArguments arguments) => throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public long GuestFsfreezeThaw() => throw IPlatformCapabilities.NotSupported();
}
