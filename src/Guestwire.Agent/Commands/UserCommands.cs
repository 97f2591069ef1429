using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-set-user-password, guest-get-users: accounts.</summary>
/// <param name="users">What the system knows of the people who use it.</param>
/// <param name="passwords">Sets their passwords.</param>
internal sealed class UserCommands(IUserFacts users, IAccountPasswords passwords) : IUserCommands
{
    /// <inheritdoc/>
    public void GuestSetUserPassword(GuestSetUserPasswordArguments arguments)
    {
        try
        {
            // It stays bytes, in the frame's own memory: a string could not be wiped.
            passwords.Set(arguments.Username, arguments.Password.Decode().Span, arguments.Crypted);
        }
        finally
        {
            arguments.Password.Wipe();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<GuestUser> GuestGetUsers() => users.ListLoggedIn();
}
