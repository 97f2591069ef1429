using System.Buffers;
using Guestwire.Protocol.Json;

namespace Guestwire.Client.Files;

/// <summary>A piece of a file as a reply brought it, in memory of the shared pool.</summary>
/// <param name="Buffer">Holds the bytes at its start.</param>
/// <param name="Count">How many they are.</param>
/// <param name="IsLast">Whether the file ends behind them.</param>
internal readonly record struct FileChunk(byte[] Buffer, int Count, bool IsLast)
{
    /// <summary>Reads the reply to guest-file-read; what <see cref="Protocol.GuestFileRead"/> holds, without a copy on the way.</summary>
    internal static FileChunk Read(ReplyReader reader, JsonValue value)
    {
        JsonValue bytes = default;
        JsonValue isLast = default;
        foreach (JsonMember member in reader.Members("return", value))
        {
            if (member.Name.TextEquals("buf-b64"u8))
            {
                bytes = member.Value;
            }
            else if (member.Name.TextEquals("eof"u8))
            {
                isLast = member.Value;
            }
        }

        bool last = reader.Boolean("eof", isLast);
        Span<byte> content = reader.Bytes("buf-b64", bytes).Span;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(content.Length);
        content.CopyTo(buffer);
        return new FileChunk(buffer, content.Length, last);
    }

    /// <summary>Gives the memory back.</summary>
    internal void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}
