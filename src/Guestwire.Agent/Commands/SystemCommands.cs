using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-get-host-name, guest-get-timezone, guest-get-osinfo, guest-get-load: what the guest is.</summary>
/// <param name="system">What the system knows of itself.</param>
internal sealed class SystemCommands(ISystemFacts system) : ISystemCommands
{
    /// <inheritdoc/>
    public GuestHostName GuestGetHostName() => new() { HostName = system.ReadHostName() };

    /// <inheritdoc/>
    public GuestTimezone GuestGetTimezone() => system.ReadTimezone();

    /// <inheritdoc/>
    public GuestOSInfo GuestGetOsinfo() => system.ReadOperatingSystem();

    /// <inheritdoc/>
    public GuestLoadAverage GuestGetLoad() => system.ReadLoad();
}
