using Guestwire.Agent.Platform;

namespace Guestwire.Agent.Tests;

/// <summary>Loop devices by minor number; their major number is 7.</summary>
internal sealed class FixedLoopDevices(params (uint Minor, string File)[] devices) : ILoopDevices
{
    /// <inheritdoc/>
    public string? FindBackingFile(uint major, uint minor) =>
        major == 7 ? devices.FirstOrDefault(device => device.Minor == minor).File : null;
}
