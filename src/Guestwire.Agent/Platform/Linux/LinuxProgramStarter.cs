using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.State;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// posix_spawn(3): no copy of the agent's memory is made, and a failure of exec is told at once. The child is ours directly, in our
/// session, with default signals, and with no descriptor but its three: all of ours close on exec.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxProgramStarter : IProgramStarter
{
    /// <summary>Where to look without a PATH, as execvp(3) does.</summary>
    private const string DefaultSearchPath = "/bin:/usr/bin";

    private const string NullDevice = "/dev/null";
    private const string Shell = "/bin/sh";

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
        Libc.SpawnActionsInit(out Libc.Opaque actions);
        Libc.SpawnAttributesInit(out Libc.Opaque attributes);
        try
        {
            Connect(ref actions, 0, input, Libc.O_RDONLY);
            Connect(ref actions, 1, output, Libc.O_WRONLY);
            if (start.MergeError)
            {
                Libc.SpawnActionsAddDup(ref actions, 1, 2);
            }
            else
            {
                Connect(ref actions, 2, error, Libc.O_WRONLY);
            }

            // Whatever the agent itself inherited from whoever started it stays with the agent.
            Libc.SpawnActionsAddCloseFrom(ref actions, 3);
            DefaultSignals(ref attributes);
            return Search(start, ref actions, ref attributes);
        }
        finally
        {
            Libc.SpawnActionsDestroy(ref actions);
            Libc.SpawnAttributesDestroy(ref attributes);
        }
    }

    private static void Connect(ref Libc.Opaque actions, int descriptor, PipePair? pipe, int nullFlags)
    {
        if (pipe is null)
        {
            Libc.SpawnActionsAddOpen(ref actions, descriptor, NullDevice, nullFlags, 0);
        }
        else
        {
            Libc.SpawnActionsAddDup(ref actions, pipe.Theirs, descriptor);
        }
    }

    /// <summary>
    /// The agent blocks the signals it waits for and ignores SIGPIPE; a program expects neither. All signals are named, also 32 and 33,
    /// which glibc keeps to itself (sigfillset leaves them out) and would hand to the program ignored.
    /// </summary>
    private static void DefaultSignals(ref Libc.Opaque attributes)
    {
        Libc.Opaque none = default;
        Libc.Opaque all = default;
        MemoryMarshal.AsBytes(new Span<Libc.Opaque>(ref all)).Fill(0xFF);
        Libc.SpawnAttributesSetSignalMask(ref attributes, ref none);
        Libc.SpawnAttributesSetSignalDefault(ref attributes, ref all);
        Libc.SpawnAttributesSetFlags(ref attributes, Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK);
    }

    /// <summary>Tries the places where the program may be, as execvp(3) does, but in the PATH of the program's own environment.</summary>
    private static int Search(ProgramStart start, ref Libc.Opaque actions, ref Libc.Opaque attributes)
    {
        using NativeStrings arguments = NativeStrings.Make([start.Path, .. start.Arguments]);
        using NativeStrings? environment = start.Environment is null ? null : NativeStrings.Make(start.Environment);
        int denied = 0;
        foreach (string candidate in Candidates(start))
        {
            int errno = SpawnOne(candidate, arguments, environment, ref actions, ref attributes, out int processId);
            if (errno == Errno.ENOEXEC)
            {
                // A script without a first line that says whose: the shell's.
                using NativeStrings script = NativeStrings.Make([Shell, candidate, .. start.Arguments]);
                errno = SpawnOne(Shell, script, environment, ref actions, ref attributes, out processId);
            }

            switch (errno)
            {
                case 0:
                    return processId;
                case Errno.ENOENT or Errno.ENOTDIR:
                    break;
                case Errno.EACCES:
                    denied = errno;
                    break;
                default:
                    throw Failed(start.Path, errno);
            }
        }

        throw Failed(start.Path, denied != 0 ? denied : Errno.ENOENT);
    }

    private static QapiException Failed(string path, int errno) =>
        new($"Failed to execute child process \u201C{path}\u201D ({Errno.Text(errno)})");

    private static IEnumerable<string> Candidates(ProgramStart start)
    {
        if (start.Path.Length == 0)
        {
            yield break;
        }

        if (start.Path.Contains('/', StringComparison.Ordinal))
        {
            yield return start.Path;
            yield break;
        }

        foreach (string directory in SearchPath(start.Environment).Split(':'))
        {
            yield return directory.Length == 0 ? start.Path : $"{directory}/{start.Path}";
        }
    }

    private static string SearchPath(IReadOnlyList<string>? environment)
    {
        const string Variable = "PATH";
        if (environment is null)
        {
            return Environment.GetEnvironmentVariable(Variable) ?? DefaultSearchPath;
        }

        foreach (string entry in environment)
        {
            if (entry.StartsWith(Variable + "=", StringComparison.Ordinal))
            {
                return entry[(Variable.Length + 1)..];
            }
        }

        return DefaultSearchPath;
    }

    // Unsafe: the vectors are null-terminated arrays of null-terminated strings, alive until the call is over.
    private static unsafe int SpawnOne(
        string path, NativeStrings arguments, NativeStrings? environment, ref Libc.Opaque actions, ref Libc.Opaque attributes, out int processId)
    {
        byte** variables = environment is null ? NativeStrings.OfThisProcess : environment.Pointer;
        return Libc.Spawn(out processId, path, ref actions, ref attributes, arguments.Pointer, variables);
    }
}
