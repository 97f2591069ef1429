using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Commands;

/// <summary>Bytes that were copied for a reply, on their way into it; the memory goes with them.</summary>
internal sealed class StreamedBytes : Base64Source
{
    private readonly ByteBuffer _bytes;
    private readonly StreamedBytes? _following;
    private bool _isThrough;

    private StreamedBytes(ByteBuffer bytes, StreamedBytes? following)
    {
        _bytes = bytes;
        _following = following;
    }

    /// <summary>The source for a copy, which belongs to it from now on.</summary>
    /// <param name="bytes">The copy.</param>
    /// <param name="following">What comes after this one: nobody else gives it back when the host leaves before that.</param>
    /// <returns>Null when there is nothing in it.</returns>
    internal static StreamedBytes? Of(ByteBuffer bytes, StreamedBytes? following = null)
    {
        if (bytes.Count > 0)
        {
            return new StreamedBytes(bytes, following);
        }

        ((IDisposable)bytes).Dispose();
        return null;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _bytes.Count);
        _bytes.Bytes[..count].CopyTo(destination);
        _bytes.Consume(count);
        _isThrough = count < destination.Length;
        return count;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        ((IDisposable)_bytes).Dispose();
        if (!_isThrough)
        {
            _following?.Dispose();
        }

        base.Dispose();
    }
}
