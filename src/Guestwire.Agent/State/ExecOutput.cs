using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.State;

/// <summary>What a program writes to one stream: kept up to its limit and that of all programs together, read and dropped beyond them, so that the program never waits for us.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ExecOutput : IEventSource, IDisposable
{
    /// <summary>Bytes kept of one stream; the reference's limit.</summary>
    internal const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Bytes read at once: what a pipe holds. Source: pipe(7).</summary>
    private const int PipeBytes = 64 * 1024;

    private readonly EventLoop _loop;
    private readonly SafeFileHandle _pipe;
    private readonly CaptureBudget _budget;
    private readonly Action _completed;
    private readonly ByteBuffer _bytes = new();
    private int _taken;

    /// <param name="loop">Who reads.</param>
    /// <param name="pipe">Our end of the stream.</param>
    /// <param name="budget">What the bytes kept are taken from.</param>
    /// <param name="completed">Called by the loop when the stream is complete.</param>
    internal ExecOutput(EventLoop loop, SafeFileHandle pipe, CaptureBudget budget, Action completed)
    {
        _completed = completed;
        _budget = budget;
        _loop = loop;
        _pipe = pipe;
    }

    /// <summary>Starts to collect.</summary>
    internal void Watch() => _loop.Add(this);

    /// <summary>Whether every writer has closed the stream.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>Whether there was more than the limit.</summary>
    internal bool IsTruncated { get; private set; }

    /// <summary>What is kept. Belongs to this object until it is disposed of.</summary>
    internal ByteBuffer Bytes => _bytes;

    /// <inheritdoc/>
    public int Descriptor => (int)_pipe.DangerousGetHandle();

    /// <inheritdoc/>
    public short Events => Libc.POLLIN;

    /// <inheritdoc/>
    public void OnReady(short happened)
    {
        Span<byte> room = _bytes.GetSpan(PipeBytes)[..PipeBytes];
        int count = Libc.Read(_pipe, room);
        if (count > 0)
        {
            int kept = _budget.Take(Math.Min(count, MaxBytes - _bytes.Count));
            _taken += kept;
            _bytes.Advance(kept);
            IsTruncated |= kept < count;
        }
        else if (count == 0 || Errno.Last != Errno.EAGAIN)
        {
            IsComplete = true;
            _bytes.TrimExcess();
            _loop.Remove(this);
            _pipe.Dispose();
            _completed();
        }
    }

    /// <summary>Stops reading and gives back what was kept; the program gets SIGPIPE if it writes on.</summary>
    public void Dispose()
    {
        _loop.Remove(this);
        _pipe.Dispose();
        ((IDisposable)_bytes).Dispose();
        _budget.Return(_taken);
        _taken = 0;
    }
}
