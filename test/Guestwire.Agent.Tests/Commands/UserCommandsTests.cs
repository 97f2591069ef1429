using System.Text;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Tests.Commands;

public sealed class UserCommandsTests : IAccountPasswords
{
    private readonly List<(string Username, string Password, bool Crypted)> _set = [];
    private bool _refuses;

    [Fact]
    public void A_password_is_decoded_and_passed_on()
    {
        SetPassword("c2VjcmV0", crypted: false);
        SetPassword("JDYkeCR5", crypted: true);
        SetPassword("", crypted: false);

        Assert.Equal([("alice", "secret", false), ("alice", "$6$x$y", true), ("alice", "", false)], _set);
    }

    [Fact]
    public void Nothing_of_the_password_is_left_in_the_request()
    {
        Assert.Equal("{\"username\": \"alice\", \"password\": \"\0\0\0\0\0\0\0\0\", \"crypted\": false}", SetPassword("c2VjcmV0", crypted: false));
    }

    [Fact]
    public void Nothing_of_a_password_that_was_refused_is_left_either()
    {
        _refuses = true;

        Assert.Equal("{\"username\": \"alice\", \"password\": \"\0\0\0\0\0\0\0\0\", \"crypted\": false}", SetPassword("c2VjcmV0", crypted: false));
    }

    [Fact]
    public void What_is_no_base64_is_refused_and_wiped()
    {
        Assert.Equal("{\"username\": \"alice\", \"password\": \"\0\0\0\0\0\0\0\", \"crypted\": false}", SetPassword("secret!", crypted: false));
        Assert.Empty(_set);
    }

    void IAccountPasswords.Set(string username, ReadOnlySpan<byte> password, bool crypted)
    {
        _set.Add((username, Encoding.UTF8.GetString(password), crypted));
        if (_refuses)
        {
            throw new QapiException("too short");
        }
    }

    /// <returns>What the frame's memory holds afterwards.</returns>
    private string SetPassword(string base64, bool crypted)
    {
        using FrameReader frames = new();
        byte[] text = Encoding.UTF8.GetBytes(
            $"{{\"username\": \"alice\", \"password\": \"{base64}\", \"crypted\": {(crypted ? "true" : "false")}}}");
        text.CopyTo(frames.GetSpan(text.Length));
        frames.Advance(text.Length);
        Assert.Equal(FrameStatus.Value, frames.Read(out JsonValue arguments, out _));
        GuestSetUserPasswordArguments read = GuestSetUserPasswordArgumentsCodec.Read(new ArgumentReader(), arguments);

        Exception? error = Record.Exception(() => new UserCommands(new UserFacts(), this, AgentParts.NoRules).GuestSetUserPassword(read));

        Assert.Equal(_refuses || base64 == "secret!", error is QapiException);
        return Encoding.UTF8.GetString(arguments.Text);
    }
}
