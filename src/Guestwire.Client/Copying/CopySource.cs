namespace Guestwire.Client.Copying;

/// <summary>A file that is read from one place on.</summary>
internal abstract class CopySource : IAsyncDisposable
{
    /// <summary>Reads on until the buffer is full or the file ends.</summary>
    /// <returns>Bytes read; 0 at the file's end.</returns>
    internal abstract ValueTask<int> ReadAsync(Memory<byte> buffer);

    /// <summary>Passes over the hole that begins here, if one does and this end can see it.</summary>
    /// <returns>Its length in bytes.</returns>
    internal virtual long SkipHole() => 0;

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
