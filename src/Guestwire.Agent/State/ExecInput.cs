using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.State;

/// <summary>What a program reads from its standard input: written as fast as it reads, then closed. The loop writes; when more may come, requests bring it on other threads.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ExecInput : IEventSource, IDisposable
{
    /// <summary>Bytes that wait for the program at most, besides those that it was started with; the contract's limit.</summary>
    internal const int MaxPending = 1024 * 1024;

    private readonly EventLoop _loop;
    private readonly SafeFileHandle _pipe;
    private readonly ExecNews? _news;

    // Guards the rest.
    private readonly Lock _lock = new();
    private readonly ByteBuffer _rest = new();
    private long _taken;
    private bool _isEnding;
    private bool _isClosed;

    /// <summary>Keeps a copy of these bytes: the frame they came in will be gone.</summary>
    /// <param name="loop">Who feeds them.</param>
    /// <param name="pipe">Our end of the input.</param>
    /// <param name="bytes">The first bytes.</param>
    /// <param name="news">Hears when there is room for more; null when these are all.</param>
    internal ExecInput(EventLoop loop, SafeFileHandle pipe, ReadOnlyMemory<byte> bytes, ExecNews? news = null)
    {
        _loop = loop;
        _pipe = pipe;
        _news = news;
        _isEnding = news is null;
        _rest.Append(bytes.Span);
        _taken = bytes.Length;
    }

    /// <summary>Starts to feed them.</summary>
    internal void Watch() => _loop.Add(this);

    /// <summary>How many bytes of the whole input were taken by now.</summary>
    internal long Taken
    {
        get
        {
            lock (_lock)
            {
                return _taken;
            }
        }
    }

    /// <inheritdoc/>
    public int Descriptor => (int)_pipe.DangerousGetHandle();

    /// <inheritdoc/>
    public short Events
    {
        get
        {
            // Without anything to write only the program's closing is of interest, which is always told.
            lock (_lock)
            {
                return _isEnding || _rest.Count > 0 ? Libc.POLLOUT : (short)0;
            }
        }
    }

    /// <inheritdoc/>
    public void OnReady(short happened)
    {
        bool isOver;
        lock (_lock)
        {
            int count = _rest.Count == 0 ? 0 : Libc.Write(_pipe, _rest.Bytes);
            if (count < 0 && Errno.Last == Errno.EAGAIN)
            {
                return;
            }

            if (count > 0)
            {
                _rest.Consume(count);
            }

            // All is fed, or the program does not read any more.
            isOver = count < 0 || (_rest.Count == 0 && (_isEnding || (happened & Libc.POLLERR) != 0));
            if (_rest.Count == 0)
            {
                _rest.Rest();
            }
        }

        if (isOver)
        {
            Dispose();
        }

        _news?.Tell();
    }

    /// <summary>Takes more, as far as there is room; what is known already is passed over. For any thread.</summary>
    /// <param name="cursor">The position of the first byte in the whole input.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="end">Whether nothing comes after them.</param>
    /// <param name="taken">How many bytes of the whole input were taken by now.</param>
    /// <param name="isOpen">Whether more may come.</param>
    /// <returns>False when bytes before these are missing.</returns>
    internal bool TryWrite(long cursor, ReadOnlySpan<byte> bytes, bool end, out long taken, out bool isOpen)
    {
        lock (_lock)
        {
            long known = _taken - cursor;
            if (cursor < 0 || known < 0)
            {
                taken = _taken;
                isOpen = !_isClosed && !_isEnding;
                return false;
            }

            if (!_isClosed && !_isEnding)
            {
                ReadOnlySpan<byte> fresh = bytes[(int)Math.Min(known, bytes.Length)..];
                int fits = Math.Min(fresh.Length, Math.Max(0, MaxPending - _rest.Count));
                _rest.Append(fresh[..fits]);
                _taken += fits;
                _isEnding = end && fits == fresh.Length;
                _loop.Post(WakeUp);
            }

            taken = _taken;
            isOpen = !_isClosed && !_isEnding;
            return true;
        }
    }

    /// <summary>Closes the program's input. For the loop.</summary>
    public void Dispose()
    {
        _loop.Remove(this);
        lock (_lock)
        {
            _isClosed = true;
            _pipe.Dispose();
            ((IDisposable)_rest).Dispose();
        }

        _news?.Tell();
    }

    // The loop asks for Events again: that it was woken is enough.
    private static void WakeUp()
    {
    }
}
