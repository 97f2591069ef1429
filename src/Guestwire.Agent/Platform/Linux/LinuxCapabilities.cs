using Guestwire.Agent.Commands;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>What Linux guests can do: all that the schema has for them, but for what this agent does not do yet.</summary>
internal sealed class LinuxCapabilities : IPlatformCapabilities
{
    /// <inheritdoc/>
    public bool Supports(CommandId command) => command switch
    {
        CommandId.GuestSetTime
            or CommandId.GuestShutdown
            or CommandId.GuestSuspendDisk
            or CommandId.GuestSuspendRam
            or CommandId.GuestSuspendHybrid
            or CommandId.GuestFstrim
            or CommandId.GuestSetVcpus
            or CommandId.GuestSetMemoryBlocks
            or CommandId.GuestSetUserPassword
            or CommandId.GuestSshGetAuthorizedKeys
            or CommandId.GuestSshAddAuthorizedKeys
            or CommandId.GuestSshRemoveAuthorizedKeys => false,
        _ => CommandTable.Get(command).Platforms.HasFlag(CommandPlatforms.Linux),
    };
}
