using System.Runtime.Versioning;
using Guestwire.Client.Interop;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Client.Links;

/// <summary>
/// A stream over a descriptor that .NET has no stream for: a terminal, a socket of vsock. Reads and writes wait in poll(2), on one thread for each
/// stream, and can be cancelled; disposing ends them. One read and one write may be on their way at once.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DescriptorStream : Stream
{
    /// <summary>It waits, no more.</summary>
    private const int StackBytes = 128 * 1024;

    private readonly SafeFileHandle _descriptor;
    private readonly SafeFileHandle _wakeUp;
    private readonly Lock _lock = new();

    // Guarded by _lock.
    private TaskCompletionSource? _readable;
    private TaskCompletionSource? _writable;
    private bool _isDisposed;

    /// <summary>Takes a descriptor over, which must not block.</summary>
    /// <exception cref="IOException">There are no descriptors left.</exception>
    internal DescriptorStream(SafeFileHandle descriptor)
    {
        _descriptor = descriptor;
        _wakeUp = Libc.EventDescriptor(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
        if (_wakeUp.IsInvalid)
        {
            descriptor.Dispose();
            throw new IOException($"cannot wait for a descriptor: {Libc.TextOf(Libc.LastError)}");
        }

        new Thread(Wait, StackBytes) { IsBackground = true, Name = "descriptor" }.Start();
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            nint count = Libc.Read(_descriptor, buffer.Span, (nuint)buffer.Length);
            if (count >= 0)
            {
                return (int)count;
            }

            await WaitAfterAsync(Libc.LastError, Libc.POLLIN, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            nint count = Libc.Write(_descriptor, buffer.Span, (nuint)buffer.Length);
            if (count >= 0)
            {
                buffer = buffer[(int)count..];
            }
            else
            {
                await WaitAfterAsync(Libc.LastError, Libc.POLLOUT, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits until something can be done with the descriptor, if only to learn what is wrong with it.</summary>
    /// <param name="events">POLLIN or POLLOUT.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ObjectDisposedException">The stream was disposed meanwhile.</exception>
    internal async Task WaitAsync(short events, CancellationToken cancellation)
    {
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (events == Libc.POLLIN)
            {
                _readable = ready;
            }
            else
            {
                _writable = ready;
            }

            WakeUp();
        }

        await using (cancellation.UnsafeRegister(static (ready, token) => ((TaskCompletionSource)ready!).TrySetCanceled(token), ready).ConfigureAwait(false))
        {
            await ready.Task.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                // The thread closes the descriptors when it waits for them no more.
                _isDisposed = true;
                WakeUp();
            }
        }

        base.Dispose(disposing);
    }

    private async ValueTask WaitAfterAsync(int error, short events, CancellationToken cancellation)
    {
        switch (error)
        {
            case Libc.EINTR:
                return;
            case Libc.EAGAIN:
                await WaitAsync(events, cancellation).ConfigureAwait(false);
                return;
            default:
                throw new IOException(error == Libc.EIO ? "the other end was closed" : Libc.TextOf(error));
        }
    }

    // Under _lock, so that the thread has not closed what it writes to.
    private void WakeUp()
    {
        // The counter of the eventfd. That it is full means that the thread has not woken up from before.
        Span<byte> one = stackalloc byte[sizeof(ulong)];
        BitConverter.TryWriteBytes(one, 1UL);
        _ = Libc.Write(_wakeUp, one, sizeof(ulong));
    }

    private void Wait()
    {
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        Span<Libc.PollEntry> entries = stackalloc Libc.PollEntry[2];
        while (true)
        {
            lock (_lock)
            {
                if (_isDisposed)
                {
                    break;
                }

                // Not even looked at when nobody waits: an end that was closed would be reported again and again.
                short wanted = (short)((IsWaiting(_readable) ? Libc.POLLIN : 0) | (IsWaiting(_writable) ? Libc.POLLOUT : 0));
                entries[0] = new Libc.PollEntry { Descriptor = wanted == 0 ? -1 : NumberOf(_descriptor), Events = wanted };
                entries[1] = new Libc.PollEntry { Descriptor = NumberOf(_wakeUp), Events = Libc.POLLIN };
            }

            if (Libc.Poll(entries, (nuint)entries.Length, -1) <= 0)
            {
                continue;
            }

            _ = Libc.Read(_wakeUp, counter, (nuint)counter.Length);
            Tell(entries[0].Returned);
        }

        End();
    }

    private void Tell(short returned)
    {
        lock (_lock)
        {
            // Errors and hang-ups concern both.
            if ((returned & ~Libc.POLLOUT) != 0)
            {
                _readable?.TrySetResult();
            }

            if ((returned & ~Libc.POLLIN) != 0)
            {
                _writable?.TrySetResult();
            }
        }
    }

    private void End()
    {
        lock (_lock)
        {
            ObjectDisposedException disposed = new(nameof(DescriptorStream));
            _readable?.TrySetException(disposed);
            _writable?.TrySetException(disposed);
        }

        _descriptor.Dispose();
        _wakeUp.Dispose();
    }

    private static bool IsWaiting(TaskCompletionSource? ready) => ready is { Task.IsCompleted: false };

    // Safe, because only the thread that polls closes them.
    private static int NumberOf(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
