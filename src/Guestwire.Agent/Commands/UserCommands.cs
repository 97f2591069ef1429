using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-set-user-password, guest-get-users: accounts.</summary>
/// <param name="users">What the system knows of the people who use it.</param>
internal sealed class UserCommands(IUserFacts users) : IUserCommands
{
    /// <inheritdoc/>
    public void GuestSetUserPassword(GuestSetUserPasswordArguments arguments) => throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public IReadOnlyList<GuestUser> GuestGetUsers() => users.ListLoggedIn();
}
