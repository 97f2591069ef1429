using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-ssh-*: the keys that open an account.</summary>
internal sealed class SshCommands : ISshCommands
{
    /// <inheritdoc/>
    public GuestAuthorizedKeys GuestSshGetAuthorizedKeys(GuestSshGetAuthorizedKeysArguments arguments) => throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public void GuestSshAddAuthorizedKeys(GuestSshAddAuthorizedKeysArguments arguments) => throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public void GuestSshRemoveAuthorizedKeys(GuestSshRemoveAuthorizedKeysArguments arguments) => throw IPlatformCapabilities.NotSupported();
}
