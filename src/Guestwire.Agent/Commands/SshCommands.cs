using Guestwire.Agent.Platform;
using Guestwire.Agent.Policy;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-ssh-*: the keys that open an account.</summary>
/// <param name="accounts">Who can log in.</param>
/// <param name="files">Where the keys stand.</param>
/// <param name="access">Says whose keys hosts may see and change.</param>
internal sealed class SshCommands(IAccountDatabase accounts, IAuthorizedKeys files, AccessPolicy access) : ISshCommands
{
    // Two sessions may change the same file: what one reads must stand until it has written.
    private readonly Lock _change = new();

    /// <inheritdoc/>
    public GuestAuthorizedKeys GuestSshGetAuthorizedKeys(GuestSshGetAuthorizedKeysArguments arguments)
    {
        access.RequireUser(CommandId.GuestSshGetAuthorizedKeys, arguments.Username);
        Account account = accounts.Find(arguments.Username);
        using ByteBuffer text = new();
        files.Read(account, text);
        return new GuestAuthorizedKeys { Keys = AuthorizedKeyLines.List(text.Bytes) };
    }

    /// <inheritdoc/>
    public void GuestSshAddAuthorizedKeys(GuestSshAddAuthorizedKeysArguments arguments)
    {
        access.RequireUser(CommandId.GuestSshAddAuthorizedKeys, arguments.Username);
        AuthorizedKeyLines.Check(arguments.Keys);
        Account account = accounts.Find(arguments.Username);
        using ByteBuffer text = new();
        lock (_change)
        {
            if (arguments.Reset is not true)
            {
                _ = files.TryRead(account, text);
            }

            AuthorizedKeyLines.Add(text, arguments.Keys);
            files.Replace(account, text.Bytes);
        }
    }

    /// <inheritdoc/>
    public void GuestSshRemoveAuthorizedKeys(GuestSshRemoveAuthorizedKeysArguments arguments)
    {
        access.RequireUser(CommandId.GuestSshRemoveAuthorizedKeys, arguments.Username);
        AuthorizedKeyLines.Check(arguments.Keys);
        Account account = accounts.Find(arguments.Username);
        using ByteBuffer text = new();
        using ByteBuffer rest = new();
        lock (_change)
        {
            if (files.TryRead(account, text) && AuthorizedKeyLines.Remove(text.Bytes, arguments.Keys, rest))
            {
                files.Replace(account, rest.Bytes);
            }
        }
    }
}
