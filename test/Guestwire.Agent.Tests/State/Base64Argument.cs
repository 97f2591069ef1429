using System.Text;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Tests.State;

/// <summary>Bytes as a command's argument gets them: base64 inside a frame.</summary>
internal static class Base64Argument
{
    internal static Base64Text Of(ReadOnlySpan<byte> bytes)
    {
        FrameReader frames = new();
        byte[] text = Encoding.ASCII.GetBytes($"[\"{Convert.ToBase64String(bytes)}\"]");
        text.CopyTo(frames.GetSpan(text.Length));
        frames.Advance(text.Length);
        Assert.Equal(FrameStatus.Value, frames.Read(out JsonValue array, out _));
        foreach (JsonValue item in array.Items)
        {
            return new ArgumentReader().Base64("argument", item);
        }

        throw new InvalidOperationException("the array is empty");
    }
}
