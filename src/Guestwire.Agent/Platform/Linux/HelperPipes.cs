using System.Diagnostics;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>The agent's ends of what connects it to a helper program: feeds and reads until the program ends.</summary>
/// <param name="pidFd">Readable when the process has ended.</param>
/// <param name="feed">Its standard input, closed when all is fed; null when it has none.</param>
/// <param name="input">What it is fed.</param>
/// <param name="drain">Its output.</param>
/// <param name="text">Where the output goes.</param>
[SupportedOSPlatform("linux")]
internal sealed class HelperPipes(SafeFileHandle pidFd, SafeFileHandle? feed, ReadOnlyMemory<byte> input, SafeFileHandle drain, ByteBuffer text)
{
    /// <summary>Bytes of output that are kept, the last ones: the reason of a failure stands there. Our own limit: it ends up in an error text.</summary>
    internal const int MaxOutputBytes = 64 * 1024;

    /// <summary>What a pipe holds, in bytes: after the end of a process no more than this can be its own. Source: pipe(7).</summary>
    private const int PipeBytes = 64 * 1024;

    // poll(2) passes over a descriptor of -1.
    private readonly Libc.PollFd[] _watched =
    [
        new() { Descriptor = Number(pidFd), Events = Libc.POLLIN },
        new() { Descriptor = Number(drain), Events = Libc.POLLIN },
        new() { Descriptor = feed is null ? -1 : Number(feed), Events = Libc.POLLOUT },
    ];

    private readonly byte[] _piece = new byte[4096];
    private ReadOnlyMemory<byte> _unfed = input;

    /// <summary>Feeds and reads until the process ends.</summary>
    /// <param name="limit">How long at most, without the time that the machine sleeps; null for ever.</param>
    /// <returns>Whether it has ended.</returns>
    internal bool TryAttend(TimeSpan? limit)
    {
        // CLOCK_MONOTONIC, which stands still in suspend.
        long started = Stopwatch.GetTimestamp();
        while (_watched[0].Returned == 0)
        {
            int timeoutMilliseconds = -1;
            if (limit is TimeSpan whole)
            {
                TimeSpan rest = whole - Stopwatch.GetElapsedTime(started);
                if (rest <= TimeSpan.Zero)
                {
                    return false;
                }

                timeoutMilliseconds = (int)Math.Min(Math.Ceiling(rest.TotalMilliseconds), int.MaxValue);
            }

            if (Libc.Poll(_watched, (nuint)_watched.Length, timeoutMilliseconds) < 0)
            {
                continue; // A signal: only the loop's thread has business with it.
            }

            if (_watched[1].Returned != 0 && Read() == 0)
            {
                _watched[1] = default(Libc.PollFd) with { Descriptor = -1 };
            }

            if (_watched[2].Returned != 0 && !Feed())
            {
                feed!.Dispose();
                _watched[2] = default(Libc.PollFd) with { Descriptor = -1 };
            }
        }

        ReadRest();
        return true;
    }

    /// <summary>Reads what the process wrote last. A child in the background may go on writing, so not for longer than a pipe lasts.</summary>
    private void ReadRest()
    {
        for (int rest = PipeBytes; _watched[1].Descriptor >= 0 && rest > 0;)
        {
            int count = Read();
            if (count <= 0)
            {
                break;
            }

            rest -= count;
        }
    }

    /// <returns>The number of bytes, 0 at the end, -1 when there are none now.</returns>
    private int Read()
    {
        int count = Libc.Read(drain, _piece);
        if (count > 0)
        {
            text.Append(_piece.AsSpan(0, count));
            text.Consume(Math.Max(0, text.Count - MaxOutputBytes));
        }

        return count;
    }

    /// <returns>False when all is fed, or the program does not read any more: its exit code says whether that was right.</returns>
    private bool Feed()
    {
        int count = Libc.Write(feed!, _unfed.Span);
        if (count < 0)
        {
            return Errno.Last == Errno.EAGAIN;
        }

        _unfed = _unfed[count..];
        return !_unfed.IsEmpty;
    }

    private static int Number(SafeFileHandle file) => (int)file.DangerousGetHandle();
}
