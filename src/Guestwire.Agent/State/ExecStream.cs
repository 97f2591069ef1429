using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.State;

/// <summary>
/// What a program writes to one stream, for a host that reads along: kept from the host's cursor on, and read no further than <see cref="MaxUnread"/>
/// beyond it, so that the program waits for the host. The loop reads from the pipe; requests take from here on threads of their own.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ExecStream : IEventSource, IDisposable
{
    /// <summary>Bytes that a program may be ahead of its host; the contract's limit.</summary>
    internal const int MaxUnread = 1024 * 1024;

    /// <summary>Bytes read at once: what a pipe holds. Source: pipe(7).</summary>
    private const int PipeBytes = 64 * 1024;

    /// <summary>When to look again whether the programs together have left any memory for this one.</summary>
    private static readonly TimeSpan s_budgetPause = TimeSpan.FromMilliseconds(100);

    private readonly EventLoop _loop;
    private readonly SafeFileHandle _pipe;
    private readonly CaptureBudget _budget;
    private readonly ExecNews _news;
    private readonly Action _completed;
    private readonly Action _settle;

    // Guards the three after it.
    private readonly Lock _lock = new();
    private readonly ByteBuffer _bytes = new();
    private long _start;
    private bool _isComplete;

    // The loop's alone: what the budget gave for the bytes kept, and whether it had nothing left to give.
    private int _taken;
    private bool _isStarved;

    /// <param name="loop">Who reads.</param>
    /// <param name="pipe">Our end of the stream.</param>
    /// <param name="budget">What the bytes kept are taken from.</param>
    /// <param name="news">Hears when there is something to read.</param>
    /// <param name="completed">Called by the loop when the stream is complete.</param>
    internal ExecStream(EventLoop loop, SafeFileHandle pipe, CaptureBudget budget, ExecNews news, Action completed)
    {
        _loop = loop;
        _pipe = pipe;
        _budget = budget;
        _news = news;
        _completed = completed;
        _settle = Settle;
    }

    /// <summary>Starts to read.</summary>
    internal void Watch() => _loop.Add(this);

    /// <summary>Whether every writer has closed the stream. All of it may be read then, or not.</summary>
    internal bool IsComplete
    {
        get
        {
            lock (_lock)
            {
                return _isComplete;
            }
        }
    }

    /// <inheritdoc/>
    public int Descriptor => _isStarved || IsFull ? -1 : (int)_pipe.DangerousGetHandle();

    /// <inheritdoc/>
    public short Events => Libc.POLLIN;

    private bool IsFull
    {
        get
        {
            lock (_lock)
            {
                return _bytes.Count >= MaxUnread;
            }
        }
    }

    /// <inheritdoc/>
    public void OnReady(short happened)
    {
        int wanted;
        lock (_lock)
        {
            wanted = Math.Min(PipeBytes, MaxUnread - _bytes.Count);
        }

        // Without the lock: it may forget other programs.
        int room = _budget.Take(wanted);
        if (room == 0)
        {
            _isStarved = true;
            _loop.After(s_budgetPause, LookAgain);
            return;
        }

        int count;
        lock (_lock)
        {
            count = Libc.Read(_pipe, _bytes.GetSpan(room)[..room]);
            if (count > 0)
            {
                _bytes.Advance(count);
            }
            else if (count == 0 || Errno.Last != Errno.EAGAIN)
            {
                _isComplete = true;
            }
        }

        _taken += Math.Max(count, 0);
        _budget.Return(room - Math.Max(count, 0));
        if (count <= 0 && !IsComplete)
        {
            return;
        }

        if (count <= 0)
        {
            _loop.Remove(this);
            _pipe.Dispose();
            _completed();
        }

        _news.Tell();
    }

    /// <summary>Gives back what the host has, and copies what comes then. For any thread.</summary>
    /// <param name="cursor">Up to where the host has it; null for where it began to read last.</param>
    /// <param name="count">How much to copy at most.</param>
    /// <param name="bytes">Gets the copy.</param>
    /// <param name="next">The position behind it.</param>
    /// <param name="ended">Whether nothing comes after that, ever.</param>
    /// <returns>False when there is no such position any more, or not yet.</returns>
    internal bool TryRead(long? cursor, int count, ByteBuffer bytes, out long next, out bool ended)
    {
        lock (_lock)
        {
            next = cursor ?? _start;
            ended = false;
            if (next < _start || next - _start > _bytes.Count)
            {
                return false;
            }

            if (next > _start)
            {
                _bytes.Consume((int)(next - _start));
                _start = next;
                if (_bytes.Count == 0)
                {
                    _bytes.Rest();
                }

                _loop.Post(_settle);
            }

            int copied = Math.Min(count, _bytes.Count);
            bytes.Append(_bytes.Bytes[..copied]);
            next += copied;
            ended = _isComplete && copied == _bytes.Count;
            return true;
        }
    }

    /// <summary>Stops reading and gives back what was kept; the program gets SIGPIPE if it writes on. For the loop.</summary>
    public void Dispose()
    {
        _loop.Remove(this);
        _pipe.Dispose();
        lock (_lock)
        {
            _isComplete = true;
            _start += _bytes.Count;
            ((IDisposable)_bytes).Dispose();
        }

        Settle();
        _news.Tell();
    }

    // The loop polls the pipe again when there is room again: that it was woken for this is enough.
    private void Settle()
    {
        int kept;
        lock (_lock)
        {
            kept = _bytes.Count;
        }

        _budget.Return(_taken - kept);
        _taken = kept;
    }

    private void LookAgain() => _isStarved = false;
}
