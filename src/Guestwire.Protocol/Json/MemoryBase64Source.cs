namespace Guestwire.Protocol.Json;

/// <summary>A source over bytes that are in memory already.</summary>
public sealed class MemoryBase64Source(ReadOnlyMemory<byte> bytes) : Base64Source
{
    private ReadOnlyMemory<byte> _rest = bytes;

    /// <inheritdoc/>
    public override int Read(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _rest.Length);
        _rest.Span[..count].CopyTo(destination);
        _rest = _rest[count..];
        return count;
    }
}
