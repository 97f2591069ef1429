using System.Security.Cryptography;
using System.Text;

namespace Guestwire.Agent.Tests;

public sealed class Sha256Tests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void The_standard_s_own_examples_come_out(string message, string expected) =>
        Assert.Equal(expected, Hash(Encoding.ASCII.GetBytes(message), pieceBytes: 1000));

    [Fact]
    public void A_million_letters_come_out() =>
        Assert.Equal("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", Hash([.. Enumerable.Repeat((byte)'a', 1_000_000)], 4096));

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void Every_length_around_a_block_agrees_with_the_runtime_s_own_however_it_is_cut(int pieceBytes)
    {
        byte[] bytes = new byte[300];
        new Random(7).NextBytes(bytes);
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, length))), Hash(bytes[..length], pieceBytes));
        }
    }

    private static string Hash(byte[] message, int pieceBytes)
    {
        Sha256 hash = new();
        for (int at = 0; at < message.Length; at += pieceBytes)
        {
            hash.Append(message.AsSpan(at, Math.Min(pieceBytes, message.Length - at)));
        }

        byte[] result = new byte[Sha256.HashBytes];
        hash.Finish(result);
        return Convert.ToHexStringLower(result);
    }
}
