using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Policy;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.State;

/// <summary>
/// One open file, with the buffering that hosts know from the reference: what is written waits in 4096 bytes until it is flushed,
/// until the host seeks, reads or closes, or until it no longer fits. So a full disk shows at the flush. Reads are not buffered. Two hosts
/// may share a handle, each on a worker of its own: one waits for the other.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class OpenFile(SafeFileHandle file, bool isWritable) : IDisposable
{
    /// <summary>What a new file's permissions are unless a host says otherwise: everybody reads and writes it, as with the reference.</summary>
    internal const uint DefaultPermissions = 0x1B6; // 0666

    /// <summary>The reference's stdio buffer.</summary>
    private const int BufferBytes = 4096;

    // Guards the rest, and the file's position.
    private readonly Lock _lock = new();

    // Made with the first write: most files are only read.
    private byte[]? _buffer;
    private int _buffered;
    private int _pendingError;

    /// <summary>Opens a file as fopen(3) does, without waiting and without taking a terminal over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">One of fopen's modes.</param>
    /// <param name="access">Says which files hosts may open.</param>
    /// <param name="permissions">Those of a file that it creates. Nobody but its owner could open it before it has them.</param>
    /// <param name="exclusive">Whether it must be one that this creates.</param>
    /// <exception cref="QapiException">
    /// GenericError: the mode is none, or creates no file that could be exclusive, or the system refused. CommandNotFound: <paramref name="access"/> did.
    /// </exception>
    internal static OpenFile Open(
        string path, string mode, AccessPolicy access, uint permissions = DefaultPermissions, bool exclusive = false)
    {
        int flags = FlagsOf(mode) | Libc.O_NOCTTY | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
        bool isWritable = (flags & (Libc.O_WRONLY | Libc.O_RDWR)) != 0;
        if ((flags & Libc.O_CREAT) == 0)
        {
            if (exclusive)
            {
                throw new QapiException($"mode '{mode}' creates no file, so it cannot be exclusive");
            }

            SafeFileHandle existing = access.Open(path, flags, 0);
            return existing.IsInvalid ? throw Failed("failed to open file '", path, mode) : new OpenFile(existing, isWritable);
        }

        // A new file gets its mode by fchmod, so that the umask has no say; one that exists keeps what it has.
        SafeFileHandle created = access.Open(path, flags | Libc.O_EXCL, 0);
        if (created.IsInvalid)
        {
            if (exclusive || Errno.Last != Errno.EEXIST)
            {
                throw Failed("failed to open file '", path, mode);
            }

            // The link of a dangling symbolic link exists, its file does not: without O_CREAT that is an error, as in the reference.
            SafeFileHandle existing = access.Open(path, flags & ~Libc.O_CREAT, 0);
            return existing.IsInvalid ? throw Failed("failed to open file '", path, mode) : new OpenFile(existing, isWritable);
        }

        if (Libc.ChangeMode(created, permissions) < 0)
        {
            QapiException error = Failed($"failed to set permission {Convert.ToString(permissions, 8).PadLeft(4, '0')} on new file '", path, mode);
            created.Dispose();
            throw error;
        }

        return new OpenFile(created, isWritable);
    }

    /// <summary>Reads up to the length of the destination; fewer bytes mean the end of the file, or an error that came after some bytes.</summary>
    /// <param name="destination">Where to put them.</param>
    /// <param name="atEnd">Whether the end was met.</param>
    /// <returns>The number of bytes.</returns>
    /// <exception cref="QapiException">GenericError: nothing could be read.</exception>
    internal int Read(Span<byte> destination, out bool atEnd)
    {
        lock (_lock)
        {
            atEnd = false;
            if (file.IsClosed)
            {
                // Another connection closed the handle while this one's reply was under way.
                throw Errno.ToQapi("failed to read file", Errno.EBADF);
            }

            if (_pendingError != 0)
            {
                int errno = _pendingError;
                _pendingError = 0;
                throw Errno.ToQapi("failed to read file", errno);
            }

            Flush("failed to read file");
            int total = 0;
            while (total < destination.Length)
            {
                int count = Libc.Read(file, destination[total..]);
                if (count < 0)
                {
                    if (total == 0)
                    {
                        throw Errno.ToQapi("failed to read file");
                    }

                    _pendingError = Errno.Last == Errno.EAGAIN ? 0 : Errno.Last;
                    break;
                }

                if (count == 0)
                {
                    atEnd = true;
                    break;
                }

                total += count;
            }

            return total;
        }
    }

    /// <summary>Takes bytes for the file; they may wait in the buffer.</summary>
    /// <exception cref="QapiException">GenericError: the system refused bytes; of these none stays buffered.</exception>
    internal void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            const string Failed = "failed to write to file";
            if (bytes.IsEmpty)
            {
                return;
            }

            if (!isWritable)
            {
                // At once, not at the flush.
                throw Errno.ToQapi(Failed, Errno.EBADF);
            }

            _buffer ??= new byte[BufferBytes];
            int fits = Math.Min(bytes.Length, BufferBytes - _buffered);
            if (fits < bytes.Length)
            {
                // What waits goes first, filled up; then whole blocks straight from the frame; the rest waits.
                if (_buffered > 0)
                {
                    bytes[..fits].CopyTo(_buffer.AsSpan(_buffered));
                    _buffered += fits;
                    bytes = bytes[fits..];
                    Flush(Failed);
                }

                int whole = bytes.Length / BufferBytes * BufferBytes;
                WriteAll(bytes[..whole], Failed);
                bytes = bytes[whole..];
            }

            bytes.CopyTo(_buffer.AsSpan(_buffered));
            _buffered += bytes.Length;
        }
    }

    /// <summary>Hands waiting bytes to the system; what it refuses is dropped, so that an error is told once.</summary>
    /// <param name="failed">How the error begins.</param>
    /// <exception cref="QapiException">GenericError: the system refused them.</exception>
    internal void Flush(string failed = "failed to flush file")
    {
        lock (_lock)
        {
            if (_buffered > 0)
            {
                int count = _buffered;
                _buffered = 0;
                WriteAll(_buffer.AsSpan(0, count), failed);
            }
        }
    }

    /// <summary>Moves to another place.</summary>
    /// <returns>The new position, in bytes from the start.</returns>
    /// <exception cref="QapiException">GenericError: there is no such place, or the file has no places.</exception>
    internal long Seek(long offset, int whence)
    {
        lock (_lock)
        {
            const string Failed = "failed to seek file";
            Flush(Failed);
            _pendingError = 0;
            long position = Libc.Seek(file, offset, whence);
            return position < 0 ? throw Errno.ToQapi(Failed) : position;
        }
    }

    /// <summary>Flushes and closes.</summary>
    /// <exception cref="QapiException">GenericError: waiting bytes could not be written; the file is closed all the same.</exception>
    internal void Close()
    {
        lock (_lock)
        {
            try
            {
                Flush("failed to close handle");
            }
            finally
            {
                Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    /// <summary>The flags of open(2) for one of fopen's modes.</summary>
    /// <exception cref="QapiException">GenericError: it is none.</exception>
    internal static int FlagsOf(string mode) => mode switch
    {
        "r" or "rb" => Libc.O_RDONLY,
        "w" or "wb" => Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC,
        "a" or "ab" => Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND,
        "r+" or "rb+" or "r+b" => Libc.O_RDWR,
        "w+" or "wb+" or "w+b" => Libc.O_RDWR | Libc.O_CREAT | Libc.O_TRUNC,
        "a+" or "ab+" or "a+b" => Libc.O_RDWR | Libc.O_CREAT | Libc.O_APPEND,
        _ => throw new QapiException($"invalid file open mode '{mode}'"),
    };

    // Joined, not interpolated: that would take a buffer from the runtime's pool, and a long path would leave one as long there for good.
    private static QapiException Failed(string tried, string path, string mode) =>
        Errno.ToQapi(tried + path + "' (mode: '" + mode + "')");

    private void WriteAll(ReadOnlySpan<byte> bytes, string failed)
    {
        if (!WholeWrite.TryWrite(file, bytes))
        {
            throw Errno.ToQapi(failed);
        }
    }
}
