using Guestwire.Agent.Commands;

namespace Guestwire.Agent.Platform;

/// <summary>What the platform can do at all. The one place where a platform says what it does not support.</summary>
internal interface IPlatformCapabilities
{
    /// <summary>Whether the command can be served here; one that cannot does not exist for hosts.</summary>
    bool Supports(CommandId command);
}
