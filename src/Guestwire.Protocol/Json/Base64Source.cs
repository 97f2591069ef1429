using System.Buffers;

namespace Guestwire.Protocol.Json;

/// <summary>
/// Bytes that a reply carries as base64, pulled piece by piece while the reply is written, so that a reply of any size
/// costs one piece of memory.
/// </summary>
public abstract class Base64Source : IDisposable
{
    private const int MinRoomBytes = 4096;

    /// <summary>Fills the destination as far as there are bytes.</summary>
    /// <returns>The number of bytes written; fewer than the destination holds means that these were the last.</returns>
    public abstract int Read(Span<byte> destination);

    /// <summary>Reads all bytes that are left. For who received them; who sends them pulls.</summary>
    public byte[] ToArray()
    {
        ArrayBufferWriter<byte> bytes = new();
        int room, read;
        do
        {
            Span<byte> span = bytes.GetSpan(MinRoomBytes);
            room = span.Length;
            read = Read(span);
            bytes.Advance(read);
        }
        while (read == room);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Called once, when all is read or nobody wants the rest.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
