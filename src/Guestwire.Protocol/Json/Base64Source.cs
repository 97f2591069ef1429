namespace Guestwire.Protocol.Json;

/// <summary>
/// Bytes that a reply carries as base64, pulled piece by piece while the reply is written, so that a reply of any size
/// costs one piece of memory.
/// </summary>
public abstract class Base64Source : IDisposable
{
    /// <summary>Fills the destination as far as there are bytes.</summary>
    /// <returns>The number of bytes written; fewer than the destination holds means that these were the last.</returns>
    public abstract int Read(Span<byte> destination);

    /// <summary>Called once, when all is read or nobody wants the rest.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
