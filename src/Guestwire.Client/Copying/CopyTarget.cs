namespace Guestwire.Client.Copying;

/// <summary>A file that is written from one place on. Only <see cref="CompleteAsync"/> says that all went well.</summary>
internal abstract class CopyTarget : IAsyncDisposable
{
    /// <summary>Writes on.</summary>
    internal abstract ValueTask WriteAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Leaves a hole. One at the end is there only when the file gets its length.</summary>
    internal abstract ValueTask SkipAsync(long count);

    /// <summary>Closes the file.</summary>
    internal abstract ValueTask CompleteAsync();

    /// <summary>Closes the file, if it is still open, and does not mind how that goes.</summary>
    public abstract ValueTask DisposeAsync();
}
