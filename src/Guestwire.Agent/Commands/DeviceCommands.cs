using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-get-devices: drivers of PCI devices; on Windows only.</summary>
internal sealed class DeviceCommands : IDeviceCommands
{
    /// <inheritdoc/>
    public IReadOnlyList<GuestDeviceInfo> GuestGetDevices() => throw IPlatformCapabilities.NotSupported();
}
