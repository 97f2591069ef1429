using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>Gives accounts new passwords.</summary>
internal interface IAccountPasswords
{
    /// <summary>Sets a password; the system's own rules and hooks for that apply. May take seconds.</summary>
    /// <param name="username">The account.</param>
    /// <param name="password">The password. Whatever copies are made of it are wiped before this returns.</param>
    /// <param name="crypted">Whether it is hashed already.</param>
    /// <exception cref="QapiException">GenericError: the name or the password cannot be passed on, or the system refused.</exception>
    void Set(string username, ReadOnlySpan<byte> password, bool crypted);
}
