using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>
/// The file of the public keys that open an account over SSH. It lies where its user may write, so whatever stands in its place must not
/// lead the agent to another file.
/// </summary>
internal interface IAuthorizedKeys
{
    /// <summary>Reads the file.</summary>
    /// <param name="account">Whose file.</param>
    /// <param name="content">Gets the text.</param>
    /// <exception cref="QapiException">GenericError: there is none, or it cannot be read, or not safely.</exception>
    void Read(Account account, ByteBuffer content);

    /// <summary>Reads the file, if there is one.</summary>
    /// <param name="account">Whose file.</param>
    /// <param name="content">Gets the text.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="QapiException">GenericError: it cannot be read, or not safely.</exception>
    bool TryRead(Account account, ByteBuffer content);

    /// <summary>Puts a new file in the place of the old one in one step, the user's own and for nobody else to read; makes its folder too.</summary>
    /// <param name="account">Whose file.</param>
    /// <param name="content">The whole text.</param>
    /// <exception cref="QapiException">GenericError: it cannot be written, or not safely; the old file stands.</exception>
    void Replace(Account account, ReadOnlySpan<byte> content);
}
