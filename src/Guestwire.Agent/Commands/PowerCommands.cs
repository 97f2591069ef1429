using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-shutdown, guest-suspend-*: stop and sleep.</summary>
internal sealed class PowerCommands : IPowerCommands
{
    /// <inheritdoc/>
    public void GuestShutdown(GuestShutdownArguments arguments) => throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public void GuestSuspendDisk() => throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public void GuestSuspendRam() => throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public void GuestSuspendHybrid() => throw IPlatformCapabilities.NotSupported();
}
