namespace Guestwire.Agent.Platform;

/// <summary>Block devices that are files on another filesystem.</summary>
internal interface ILoopDevices
{
    /// <summary>The file behind a device or partition.</summary>
    /// <returns>Its path, or null when it is no such device.</returns>
    string? FindBackingFile(uint major, uint minor);
}
