using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.State;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Programs for guest-exec: each a child of ours directly, in our session, leading a process group, with default signals, and with no descriptor but its three.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxProgramStarter : IProgramStarter
{
    /// <summary>Where to look without a PATH, as execvp(3) does.</summary>
    private const string DefaultSearchPath = "/bin:/usr/bin";

    // What tells a program who it is.
    private static readonly string[] s_variablesOfUser = ["HOME=", "USER=", "LOGNAME=", "SHELL="];

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

        return start.User is null ? SpawnOurs(spawn, start) : SpawnAs(ProgramAccount.Find(start.User), spawn, start);
    }

    private static int SpawnOurs(ProgramSpawn spawn, ProgramStart start)
    {
        using SafeFileHandle? folder = start.Folder is null ? null : Libc.Open(start.Folder, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        if (folder is not null)
        {
            if (folder.IsInvalid)
            {
                throw Errno.ToQapi("cannot enter '" + start.Folder + "'");
            }

            spawn.Enter(folder);
        }

        int errno = spawn.Start(start.Path, start.Arguments, start.Environment, DefaultSearchPath, out int processId);
        return errno == 0 ? processId : throw NotExecuted(start, errno);
    }

    private static int SpawnAs(ProgramAccount account, ProgramSpawn spawn, ProgramStart start)
    {
        LaunchOrder order = new()
        {
            UserId = account.UserId,
            GroupId = account.GroupId,
            Groups = account.Groups,
            Folder = start.Folder ?? "",
            SearchPath = ProgramSearch.DirectoriesOf(start.Environment) ?? DefaultSearchPath,
            Program = start.Path,
            Arguments = LaunchOrder.BlockOf([start.Path, .. start.Arguments]),
            Environment = start.Environment is null
                ? (byte[])[.. NativeStrings.EnvironmentWithout(s_variablesOfUser), .. LaunchOrder.BlockOf(account.Variables)]
                : LaunchOrder.BlockOf(start.Environment),
        };
        int errno = UserLauncher.Start(spawn, order, out int processId, out string? failure);
        return errno == 0 ? processId
            : failure is null ? throw NotExecuted(start, errno)
            : throw Errno.ToQapi(failure, errno);
    }

    private static QapiException NotExecuted(ProgramStart start, int errno) =>
        new("Failed to execute child process \u201C" + start.Path + "\u201D (" + Errno.Text(errno) + ")");
}
