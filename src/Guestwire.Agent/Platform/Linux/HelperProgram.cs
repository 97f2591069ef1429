using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Helper programs, each in a session of its own, in the agent's directory and environment. Input is fed while output is read, so that
/// neither side can make the other wait for ever; the end of the process is the end of the run, even when a child that it left in the
/// background keeps its output open; and the process is always reaped.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class HelperProgram : IHelperProgram
{
    /// <summary>Bytes of output that are kept; more is read and dropped. Our own limit: it ends up in an error text.</summary>
    internal const int MaxOutputBytes = 64 * 1024;

    /// <summary>Where to look when the agent was started without a PATH: where Debian's root finds its programs.</summary>
    private const string SafeSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>What a pipe holds, in bytes: after the end of a process no more than this can be its own. Source: pipe(7).</summary>
    private const int PipeBytes = 64 * 1024;

    /// <inheritdoc/>
    public HelperEnd TryRun(HelperStart start)
    {
        try
        {
            return RunToEnd(start);
        }
        finally
        {
            if (start.WipesInput)
            {
                start.Input.Span.Clear();
            }
        }
    }

    private static HelperEnd RunToEnd(HelperStart start)
    {
        using PipePair? input = start.Input.IsEmpty ? null : PipePair.Open(oursIsReadEnd: false);
        using PipePair output = PipePair.Open(oursIsReadEnd: true);
        int processId;
        using (ProgramSpawn spawn = new(ownSession: true))
        {
            spawn.Connect(0, input, Libc.O_RDONLY);
            spawn.Connect(1, output, Libc.O_WRONLY);
            spawn.Copy(1, 2);
            int errno = spawn.Start(start.Program, start.Arguments, null, SafeSearchPath, out processId);
            if (errno is Errno.EAGAIN or Errno.ENOMEM)
            {
                throw Errno.ToQapi("failed to create child process", errno);
            }

            if (errno != 0)
            {
                return HelperEnd.OfNotExecuted(start.Program, Errno.Text(errno));
            }
        }

        using SafeFileHandle pidFd = Libc.OpenPidFd(processId);
        if (pidFd.IsInvalid)
        {
            // Out of descriptors, or a kernel before 5.3: a program that nobody can wait for must not stay.
            QapiException failure = Errno.ToQapi($"failed to wait for child (pid: {processId})");
            Libc.Kill(processId, Libc.SIGKILL);
            Libc.WaitPid(processId, out _, 0);
            throw failure;
        }

        // Our copies of the child's ends go first: the pipes must end with the child.
        using SafeFileHandle? feed = input?.TakeOurs();
        using SafeFileHandle drain = output.TakeOurs();
        input?.Dispose();
        output.Dispose();
        using ByteBuffer text = new();
        Attend(pidFd, feed, start.Input, drain, text);
        return Reap(processId, text);
    }

    /// <summary>Feeds and reads until the process ends.</summary>
    private static void Attend(SafeFileHandle pidFd, SafeFileHandle? feed, ReadOnlyMemory<byte> input, SafeFileHandle drain, ByteBuffer text)
    {
        Span<Libc.PollFd> watched =
        [
            new() { Descriptor = Number(pidFd), Events = Libc.POLLIN },
            new() { Descriptor = Number(drain), Events = Libc.POLLIN },
            new() { Descriptor = feed is null ? -1 : Number(feed), Events = Libc.POLLOUT },
        ];
        Span<byte> piece = new byte[4096];
        while (watched[0].Returned == 0)
        {
            if (Libc.Poll(watched, (nuint)watched.Length, timeoutMilliseconds: -1) < 0)
            {
                continue; // A signal: only the loop's thread has business with it.
            }

            if (watched[1].Returned != 0 && Read(drain, piece, text) == 0)
            {
                watched[1].Descriptor = -1; // poll(2) passes over it.
                watched[1].Returned = 0;
            }

            if (watched[2].Returned != 0 && !Feed(feed!, ref input))
            {
                feed!.Dispose();
                watched[2].Descriptor = -1;
                watched[2].Returned = 0;
            }
        }

        // What it wrote last. A child left in the background may go on writing, so not for longer than a pipe lasts.
        for (int rest = PipeBytes; watched[1].Descriptor >= 0 && rest > 0;)
        {
            int count = Read(drain, piece, text);
            if (count <= 0)
            {
                break;
            }

            rest -= count;
        }
    }

    /// <returns>The number of bytes, 0 at the end, -1 when there are none now.</returns>
    private static int Read(SafeFileHandle drain, Span<byte> piece, ByteBuffer text)
    {
        int count = Libc.Read(drain, piece);
        if (count > 0)
        {
            text.Append(piece[..Math.Min(count, MaxOutputBytes - text.Count)]);
        }

        return count;
    }

    /// <returns>False when all is fed, or the program does not read any more: its exit code says whether that was right.</returns>
    private static bool Feed(SafeFileHandle feed, ref ReadOnlyMemory<byte> input)
    {
        int count = Libc.Write(feed, input.Span);
        if (count < 0)
        {
            return Errno.Last == Errno.EAGAIN;
        }

        input = input[count..];
        return !input.IsEmpty;
    }

    private static HelperEnd Reap(int processId, ByteBuffer text)
    {
        int reaped;
        int status;
        do
        {
            reaped = Libc.WaitPid(processId, out status, 0);
        }
        while (reaped < 0 && Errno.Last == Errno.EINTR);

        if (reaped < 0)
        {
            throw Errno.ToQapi($"failed to wait for child (pid: {processId})");
        }

        // The signal in the low seven bits, or else the exit code in the second byte. Source: wait(2).
        return new HelperEnd((status & 0x7F) == 0 ? (status >> 8) & 0xFF : null, Encoding.UTF8.GetString(text.Bytes));
    }

    private static int Number(SafeFileHandle file) => (int)file.DangerousGetHandle();
}
