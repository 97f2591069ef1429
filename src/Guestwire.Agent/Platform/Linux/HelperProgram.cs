using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Helper programs, each in a session of its own, in the agent's directory and environment. Input is fed while output is read, so that
/// neither side can make the other wait for ever; the end of the process is the end of the run, even when a child that it left in the
/// background keeps its output open. A process over its limit is asked to end and then made to, with all its session. It is always reaped.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class HelperProgram : IHelperProgram
{
    /// <summary>Where to look when the agent was started without a PATH: where Debian's root finds its programs.</summary>
    private const string SafeSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Enough to wait.</summary>
    private const int ReaperStackBytes = 64 * 1024;

    /// <summary>How long a process has to clean up after SIGTERM, and the kernel to end it after SIGKILL. Our own limit.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

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
        HelperPipes pipes = new(pidFd, feed, start.Input, drain, text);
        if (!pipes.TryAttend(start.Limit))
        {
            End(processId, pipes);
            return HelperEnd.OfOverdue(start.Program, start.Limit!.Value, Encoding.UTF8.GetString(text.Bytes));
        }

        // The signal in the low seven bits, or else the exit code in the second byte. Source: wait(2).
        int status = Reap(processId);
        return new HelperEnd((status & 0x7F) == 0 ? (status >> 8) & 0xFF : null, Encoding.UTF8.GetString(text.Bytes));
    }

    /// <summary>Ends a process and its session: politely, then by force. Its last words are still read.</summary>
    private static void End(int processId, HelperPipes pipes)
    {
        // Until it is reaped its number, and that of its session, is nobody else's.
        ProcessSession session = new(processId);
        session.Signal(Libc.SIGTERM);
        bool hasEnded = pipes.TryAttend(s_grace);

        // Also when it has ended: what it started may not have.
        session.Kill();
        if (hasEnded || pipes.TryAttend(s_grace))
        {
            Reap(processId);
            return;
        }

        // The kernel has it in its hands, say for a dead file server. It goes when that comes back, and nobody else waits for it.
        new Thread(() => Reap(processId), ReaperStackBytes) { IsBackground = true, Name = "reaper" }.Start();
    }

    /// <returns>The status, as waitpid(2) has it.</returns>
    private static int Reap(int processId)
    {
        int reaped;
        int status;
        do
        {
            reaped = Libc.WaitPid(processId, out status, 0);
        }
        while (reaped < 0 && Errno.Last == Errno.EINTR);

        return reaped >= 0 ? status : throw Errno.ToQapi($"failed to wait for child (pid: {processId})");
    }
}
