using System.Text;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Passwords by chpasswd(8), which reads lines of <c>name:password</c>: so it is PAM or login.defs that decides about them, as for everybody.</summary>
/// <param name="helper">Runs it.</param>
internal sealed class Chpasswd(IHelperProgram helper) : IAccountPasswords
{
    /// <inheritdoc/>
    public void Set(string username, ReadOnlySpan<byte> password, bool crypted)
    {
        // A line feed would begin another account's line; a zero would end the password unsaid.
        if (password.ContainsAny((byte)'\n', (byte)0))
        {
            throw new QapiException("forbidden characters in raw password");
        }

        if (username.AsSpan().ContainsAny(':', '\n', '\0'))
        {
            throw new QapiException("forbidden characters in username");
        }

        byte[] name = Encoding.UTF8.GetBytes(username);
        using ByteBuffer input = new();

        // All the room at once: a buffer that grows may leave a copy behind.
        input.GetSpan(name.Length + password.Length + 2);
        input.Append(name);
        input.Append((byte)':');
        input.Append(password);
        input.Append((byte)'\n');
        helper.Run(new HelperStart("set user password", "chpasswd", crypted ? ["-e"] : [])
        {
            Input = input.Slice(0, input.Count),
            WipesInput = true,
        });
    }
}
