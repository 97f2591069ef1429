using Guestwire.Client.Interop;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Cli.Output;

/// <summary>
/// Standard output or standard error, byte by byte as it is written. The framework's own streams pass over that nobody reads any more; this one throws.
/// </summary>
/// <param name="descriptor">1 or 2.</param>
internal sealed class StandardStream(int descriptor) : Stream
{
    private readonly SafeFileHandle _file = new(descriptor, ownsHandle: false);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Standard output.</summary>
    internal static Stream Output() => new StandardStream(1);

    /// <summary>Standard error.</summary>
    internal static Stream Error() => new StandardStream(2);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="ClosedOutputException">Nobody reads any more.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written = Libc.Write(_file, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            switch (Libc.LastError)
            {
                case Libc.EINTR:
                    break;
                case Libc.EAGAIN:
                    _ = Libc.Poll([new Libc.PollEntry { Descriptor = descriptor, Events = Libc.POLLOUT }], 1, -1);
                    break;
                case Libc.EPIPE:
                    throw new ClosedOutputException();
                case int error:
                    throw new IOException($"cannot write to standard {(descriptor == 1 ? "output" : "error")}: {Libc.TextOf(error)}");
            }
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
