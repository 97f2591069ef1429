using Guestwire.Agent.Commands;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>What Linux guests can do: all that the schema has for them, but for what this agent does not do yet.</summary>
internal sealed class LinuxCapabilities : IPlatformCapabilities
{
    /// <inheritdoc/>
    public bool Supports(CommandId command) => command switch
    {
        CommandId.GuestFsfreezeStatus
            or CommandId.GuestFsfreezeFreeze
            or CommandId.GuestFsfreezeFreezeList
            or CommandId.GuestFsfreezeThaw => false,
        _ => CommandTable.Get(command).Platforms.HasFlag(CommandPlatforms.Linux),
    };
}
