using Guestwire.Agent.Platform;
using Guestwire.Agent.Policy;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-set-user-password, guest-get-users: accounts.</summary>
/// <param name="users">What the system knows of the people who use it.</param>
/// <param name="passwords">Sets their passwords.</param>
/// <param name="access">Says whose hosts may set.</param>
internal sealed class UserCommands(IUserFacts users, IAccountPasswords passwords, AccessPolicy access) : IUserCommands
{
    /// <inheritdoc/>
    public void GuestSetUserPassword(GuestSetUserPasswordArguments arguments)
    {
        try
        {
            access.RequireUser(CommandId.GuestSetUserPassword, arguments.Username);

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
