using Guestwire.Agent.Commands;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>Which commands this platform has. What it lacks is said here and nowhere else.</summary>
internal interface IPlatformCapabilities
{
    /// <summary>Whether the command exists here; guest-info and the check before every call ask.</summary>
    bool Supports(CommandId command);

    /// <summary>What a command that does not exist here throws, should it be reached past that check.</summary>
    static QapiException NotSupported() => new("this feature or command is not currently supported");
}
