using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.State;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Programs for guest-exec: each a child of ours directly, in our session, with default signals, and with no descriptor but its three.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxProgramStarter : IProgramStarter
{
    /// <summary>Where to look without a PATH, as execvp(3) does.</summary>
    private const string DefaultSearchPath = "/bin:/usr/bin";

    /// <inheritdoc/>
    public SpawnedProgram Start(ProgramStart start)
    {
        using PipePair? input = start.Input is null ? null : PipePair.Open(oursIsReadEnd: false);
        using PipePair? output = start.CaptureOutput ? PipePair.Open(oursIsReadEnd: true) : null;
        using PipePair? error = start.CaptureError && !start.MergeError ? PipePair.Open(oursIsReadEnd: true) : null;
        int processId = Spawn(start, input, output, error);
        SafeFileHandle pidFd = Libc.OpenPidFd(processId);
        if (pidFd.IsInvalid)
        {
            // Out of descriptors, or a kernel before 5.3: a program that nobody can wait for must not stay.
            QapiException failure = Errno.ToQapi($"cannot watch child process {processId}");
            Libc.Kill(processId, Libc.SIGKILL);
            Libc.WaitPid(processId, out _, 0);
            throw failure;
        }

        return new SpawnedProgram(processId, pidFd, input?.TakeOurs(), start.Input ?? default, output?.TakeOurs(), error?.TakeOurs());
    }

    private static int Spawn(ProgramStart start, PipePair? input, PipePair? output, PipePair? error)
    {
        using ProgramSpawn spawn = new(ownSession: false);
        spawn.Connect(0, input, Libc.O_RDONLY);
        spawn.Connect(1, output, Libc.O_WRONLY);
        if (start.MergeError)
        {
            spawn.Copy(1, 2);
        }
        else
        {
            spawn.Connect(2, error, Libc.O_WRONLY);
        }

        int errno = spawn.Start(start.Path, start.Arguments, start.Environment, DefaultSearchPath, out int processId);
        return errno == 0
            ? processId
            : throw new QapiException("Failed to execute child process \u201C" + start.Path + "\u201D (" + Errno.Text(errno) + ")");
    }
}
