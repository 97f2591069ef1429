using Guestwire.Agent.Commands;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>What Linux guests can do: all that the schema has for them.</summary>
internal sealed class LinuxCapabilities : IPlatformCapabilities
{
    /// <inheritdoc/>
    public bool Supports(CommandId command) => CommandTable.Get(command).Platforms.HasFlag(CommandPlatforms.Linux);
}
