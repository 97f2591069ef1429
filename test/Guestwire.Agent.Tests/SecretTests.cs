using System.Text;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Tests;

public sealed class SecretTests : IDisposable
{
    // The user name is one that no password is ever set for: nothing of this machine changes.
    private const string Request =
        """{"execute": "guest-set-user-password", "arguments": {"username": "no:body", "password": "c2VjcmV0", "crypted": false}}""";

    private readonly SessionBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_password_is_neither_logged_nor_answered_however_much_is_logged()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Send(Request);
            StringBuilder reply = new();
            _bench.Parts.TurnUntil(() => reply.Append(host.Read()).ToString().EndsWith('\n'));

            Assert.Contains("forbidden characters in username", reply.ToString(), StringComparison.Ordinal);
            Assert.Contains("guest-set-user-password", _bench.Parts.Log.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", reply + _bench.Parts.Log.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("c2VjcmV0", reply + _bench.Parts.Log.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_request_that_no_command_saw_is_overwritten_when_the_next_is_looked_for()
    {
        using FrameReader frames = new();
        byte[] request = Encoding.UTF8.GetBytes(Request);
        request.CopyTo(frames.GetSpan(request.Length));
        frames.Advance(request.Length);
        Assert.Equal(FrameStatus.Value, frames.Read(out JsonValue frame, out _));
        ReadOnlySpan<byte> memory = frame.Text;
        Assert.True(memory.IndexOf("c2VjcmV0"u8) > 0);

        frames.Read(out _, out _);

        Assert.Equal(-1, memory.IndexOfAnyExcept((byte)0));
    }
}
