using System.Buffers;
using Guestwire.Client.Files;

namespace Guestwire.Client;

/// <summary>
/// A file in the guest, open, as a stream. Reading runs ahead and writing runs behind, so that the wire is never idle; an error of a write
/// comes with a later write, with <see cref="FlushAsync"/> or when the file is closed.
/// </summary>
/// <remarks>Not for several threads at once. What was written is in the guest's page cache after a flush, and on its disk when the guest writes it back.</remarks>
public sealed class GuestFileStream : Stream
{
    private readonly GuestClient _client;
    private readonly long _handle;
    private readonly Queue<Task<FileChunk>> _reads = new();
    private readonly Queue<(Task<long> Written, int Count)> _writes = new();
    private readonly int _window;
    private readonly int _largestWrite;

    private FileChunk _chunk;
    private int _taken;
    private int _nextRead = ChunkSizes.FirstRead;
    private int _readWindow = 1;
    private byte[]? _unsent;
    private int _unsentCount;
    private long _position;

    // The agent has a position of its own, which runs ahead; when reading gives way to something else, it has to come back.
    private bool _isElsewhere;
    private bool _isClosed;

    internal GuestFileStream(GuestClient client, string path, long handle, bool canRead, bool canWrite)
    {
        _client = client;
        _handle = handle;
        _window = Math.Min(ChunkSizes.Window, client.MaxPipelined);
        _largestWrite = Math.Min(ChunkSizes.Largest, client.MaxSentBytes);
        Path = path;
        CanRead = canRead;
        CanWrite = canWrite;
    }

    /// <summary>The file in the guest.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override bool CanRead { get; }

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite { get; }

    /// <summary>The file's length in bytes; asks the guest.</summary>
    public override long Length => GetLengthAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    /// <exception cref="Protocol.QapiException">The guest could not read.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (_taken == _chunk.Count && !await NextChunkAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        int count = Math.Min(buffer.Length, _chunk.Count - _taken);
        _chunk.Buffer.AsSpan(_taken, count).CopyTo(buffer.Span);
        _taken += count;
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    /// <exception cref="Protocol.QapiException">The guest could not write this or what was written before it.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await LeaveReadingAsync(cancellationToken).ConfigureAwait(false);
        while (!buffer.IsEmpty)
        {
            if (_unsentCount == 0 && buffer.Length >= _largestWrite)
            {
                // As it stands: no copy.
                await SendAsync(buffer[.._largestWrite], cancellationToken).ConfigureAwait(false);
                _position += _largestWrite;
                buffer = buffer[_largestWrite..];
                continue;
            }

            _unsent ??= ArrayPool<byte>.Shared.Rent(_largestWrite);
            int count = Math.Min(buffer.Length, _largestWrite - _unsentCount);
            buffer.Span[..count].CopyTo(_unsent.AsSpan(_unsentCount));
            _unsentCount += count;
            _position += count;
            buffer = buffer[count..];
            if (_unsentCount == _largestWrite)
            {
                await SendUnsentAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public override void Flush() => FlushAsync().GetAwaiter().GetResult();

    /// <summary>Waits until the guest has all that was written.</summary>
    public override async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_isClosed || !CanWrite)
        {
            return;
        }

        await DrainWritesAsync(cancellationToken).ConfigureAwait(false);
        await _client.GuestFileFlushAsync(_handle, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => SeekAsync(offset, origin).AsTask().GetAwaiter().GetResult();

    /// <summary>Sets the position for the next read or write.</summary>
    /// <returns>The position from the file's start, in bytes.</returns>
    public async ValueTask<long> SeekAsync(long offset, SeekOrigin origin, CancellationToken cancellation = default)
    {
        long target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => await GetLengthAsync(cancellation).ConfigureAwait(false) + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        if (target != _position)
        {
            await LeaveReadingAsync(cancellation, goBack: false).ConfigureAwait(false);
            await DrainWritesAsync(cancellation).ConfigureAwait(false);
            _position = target;
            await GoToAsync(target, cancellation).ConfigureAwait(false);
        }

        return target;
    }

    /// <summary>Leaves a hole behind what was written, without a wait for it.</summary>
    internal async ValueTask SkipAsync(long count, CancellationToken cancellation = default)
    {
        await LeaveReadingAsync(cancellation).ConfigureAwait(false);
        await SendUnsentAsync(cancellation).ConfigureAwait(false);
        await MakeWayAsync().ConfigureAwait(false);
        _position += count;
        _writes.Enqueue((await _client.StartSeekAsync(_handle, _position, cancellation).ConfigureAwait(false), 0));
    }

    /// <summary>The file's length in bytes.</summary>
    public async ValueTask<long> GetLengthAsync(CancellationToken cancellation = default)
    {
        await LeaveReadingAsync(cancellation, goBack: false).ConfigureAwait(false);
        await DrainWritesAsync(cancellation).ConfigureAwait(false);
        _isElsewhere = true;
        long length = (await _client.GuestFileSeekAsync(_handle, 0, SeekEnd, cancellation).ConfigureAwait(false)).Position;
        await GoToAsync(_position, cancellation).ConfigureAwait(false);
        return length;
    }

    /// <summary>Not possible through a handle: the protocol has no command for it.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void SetLength(long value) => throw new NotSupportedException("the length of a guest's file is set by its path, not by its handle");

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_isClosed)
        {
            return;
        }

        try
        {
            await DrainWritesAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _isClosed = true;
            await ForgetReadsAsync().ConfigureAwait(false);
            if (_unsent is not null)
            {
                ArrayPool<byte>.Shared.Return(_unsent);
            }

            await _client.GuestFileCloseAsync(_handle).ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    private static Protocol.GuestFileWhence SeekEnd { get; } = new Protocol.GuestFileWhence.Name(Protocol.QGASeek.End);

    private static Protocol.GuestFileWhence SeekStart { get; } = new Protocol.GuestFileWhence.Name(Protocol.QGASeek.Set);

    /// <summary>Gets the next piece, and sees to it that more are on their way.</summary>
    /// <returns>False at the end of the file.</returns>
    private async ValueTask<bool> NextChunkAsync(CancellationToken cancellation)
    {
        await DrainWritesAsync(cancellation).ConfigureAwait(false);
        bool wasLast = _chunk.IsLast;
        DropChunk();
        if (wasLast)
        {
            // The file may have grown since: whoever asks again gets an answer from the guest, after having seen the end.
            await ForgetReadsAsync().ConfigureAwait(false);
            return false;
        }

        while (_reads.Count < _readWindow)
        {
            int count = _nextRead;
            _isElsewhere = true;
            _reads.Enqueue(await _client.StartReadAsync(_handle, count, cancellation).ConfigureAwait(false));
        }

        _chunk = await _reads.Dequeue().ConfigureAwait(false);
        _taken = 0;
        if (_chunk.IsLast)
        {
            await ForgetReadsAsync().ConfigureAwait(false);
            _nextRead = ChunkSizes.FirstRead;
            _readWindow = 1;
        }
        else
        {
            _nextRead = Math.Min(4 * _nextRead, ChunkSizes.Largest);
            _readWindow = Math.Min(2 * _readWindow, _window);
        }

        return _chunk.Count > 0;
    }

    /// <summary>Drops what was read ahead, and has the agent's position follow ours again.</summary>
    private async ValueTask LeaveReadingAsync(CancellationToken cancellation, bool goBack = true)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (!_isElsewhere)
        {
            return;
        }

        DropChunk();
        await ForgetReadsAsync().ConfigureAwait(false);
        if (goBack)
        {
            await GoToAsync(_position, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask GoToAsync(long position, CancellationToken cancellation)
    {
        _isElsewhere = true;
        await _client.GuestFileSeekAsync(_handle, position, SeekStart, cancellation).ConfigureAwait(false);
        _isElsewhere = false;
        _nextRead = ChunkSizes.FirstRead;
        _readWindow = 1;
    }

    private async ValueTask ForgetReadsAsync()
    {
        while (_reads.TryDequeue(out Task<FileChunk>? read))
        {
            await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (read.IsCompletedSuccessfully)
            {
                (await read.ConfigureAwait(false)).Return();
            }
        }
    }

    private void DropChunk()
    {
        if (_chunk.Buffer is not null)
        {
            _chunk.Return();
        }

        _chunk = default;
        _taken = 0;
    }

    private async ValueTask SendUnsentAsync(CancellationToken cancellation)
    {
        int count = _unsentCount;
        _unsentCount = 0;
        if (count > 0)
        {
            await SendAsync(_unsent.AsMemory(0, count), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a piece; it is encoded when this returns.</summary>
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await MakeWayAsync().ConfigureAwait(false);
        Task<long> written = await _client.StartWriteAsync(_handle, bytes, cancellation).ConfigureAwait(false);
        _writes.Enqueue((written, bytes.Length));
    }

    private async ValueTask MakeWayAsync()
    {
        while (_writes.Count >= _window)
        {
            await FinishWriteAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask FinishWriteAsync()
    {
        (Task<long> written, int count) = _writes.Dequeue();
        if (await written.ConfigureAwait(false) < count)
        {
            throw new IOException($"the guest wrote only a part of what was to go into {Path}");
        }
    }

    private async ValueTask DrainWritesAsync(CancellationToken cancellation)
    {
        await SendUnsentAsync(cancellation).ConfigureAwait(false);
        while (_writes.Count > 0)
        {
            await FinishWriteAsync().ConfigureAwait(false);
        }
    }
}
