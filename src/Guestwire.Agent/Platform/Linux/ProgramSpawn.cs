using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// posix_spawn(3), set up: which descriptors the child gets, its signals, and where its program is looked for. No copy of the agent's
/// memory is made, and a failure of exec is told at once.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ProgramSpawn : IDisposable
{
    private const string NullDevice = "/dev/null";
    private const string Shell = "/bin/sh";

    // How many it gets: all from here on are closed.
    private int _descriptors = 3;
    private Libc.Opaque _actions;
    private Libc.Opaque _attributes;

    /// <summary>Prepares a child with default signals.</summary>
    /// <param name="ownSession">Whether the child leads a session of its own, so that no terminal of ours reaches it; else a process group in ours.</param>
    internal ProgramSpawn(bool ownSession)
    {
        Libc.SpawnActionsInit(out _actions);
        Libc.SpawnAttributesInit(out _attributes);
        SetSignals(ownSession);
    }

    /// <summary>Gives the child the other end of a pipe under a number, or <c>/dev/null</c> without a pipe.</summary>
    internal void Connect(int descriptor, PipePair? pipe, int nullFlags)
    {
        if (pipe is null)
        {
            Libc.SpawnActionsAddOpen(ref _actions, descriptor, NullDevice, nullFlags, 0);
        }
        else
        {
            Libc.SpawnActionsAddDup(ref _actions, pipe.Theirs, descriptor);
        }
    }

    /// <summary>Gives the child a descriptor that it has already under a second number.</summary>
    internal void Copy(int from, int to) => Libc.SpawnActionsAddDup(ref _actions, from, to);

    /// <summary>Gives the child a descriptor of ours as its next one behind the first three.</summary>
    /// <param name="descriptor">Ours; above all that the child has, so that none overwrites it before its turn.</param>
    internal void Add(SafeFileHandle descriptor) =>
        Libc.SpawnActionsAddDup(ref _actions, (int)descriptor.DangerousGetHandle(), _descriptors++);

    /// <summary>Has the child start in a folder of its own.</summary>
    /// <param name="folder">The folder, open in any way.</param>
    internal void Enter(SafeFileHandle folder) => Libc.SpawnActionsAddChangeDirectory(ref _actions, (int)folder.DangerousGetHandle());

    /// <summary>Starts the child, with no descriptor but those it was given: whatever the agent inherited stays with the agent.</summary>
    /// <param name="path">The program; without a slash it is looked for as execvp(3) does, but in the PATH of its own environment.</param>
    /// <param name="arguments">Its arguments, without its name.</param>
    /// <param name="environment">Its environment; null for the agent's.</param>
    /// <param name="defaultSearchPath">Where to look when that environment has no PATH.</param>
    /// <param name="processId">The child.</param>
    /// <returns>0, or the error number.</returns>
    internal int Start(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string>? environment, string defaultSearchPath, out int processId)
    {
        Libc.SpawnActionsAddCloseFrom(ref _actions, _descriptors);
        using NativeStrings vector = NativeStrings.Make([path, .. arguments]);
        using NativeStrings? variables = environment is null ? null : NativeStrings.Make(environment);
        int failure = Errno.ENOENT;
        foreach (string candidate in ProgramSearch.Candidates(path, ProgramSearch.DirectoriesOf(environment) ?? defaultSearchPath))
        {
            int errno = SpawnOne(candidate, vector, variables, out processId);
            if (errno == Errno.ENOEXEC)
            {
                // A script without a first line that says whose: the shell's.
                using NativeStrings script = NativeStrings.Make([Shell, candidate, .. arguments]);
                errno = SpawnOne(Shell, script, variables, out processId);
            }

            switch (errno)
            {
                case 0:
                    return 0;
                case Errno.ENOENT or Errno.ENOTDIR:
                    break;
                case Errno.EACCES:
                    failure = errno;
                    break;
                default:
                    return errno;
            }
        }

        processId = 0;
        return failure;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Libc.SpawnActionsDestroy(ref _actions);
        Libc.SpawnAttributesDestroy(ref _attributes);
    }

    /// <summary>
    /// The agent blocks the signals it waits for and ignores SIGPIPE; a program expects neither. All signals are named, also 32 and 33,
    /// which glibc keeps to itself (sigfillset leaves them out) and would hand to the program ignored.
    /// </summary>
    private void SetSignals(bool ownSession)
    {
        Libc.Opaque none = default;
        Libc.Opaque all = default;
        MemoryMarshal.AsBytes(new Span<Libc.Opaque>(ref all)).Fill(0xFF);
        Libc.SpawnAttributesSetSignalMask(ref _attributes, ref none);
        Libc.SpawnAttributesSetSignalDefault(ref _attributes, ref all);
        int flags = Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK | (ownSession ? Libc.POSIX_SPAWN_SETSID : Libc.POSIX_SPAWN_SETPGROUP);
        Libc.SpawnAttributesSetFlags(ref _attributes, (short)flags);
    }

    // Unsafe: the vectors are null-terminated arrays of null-terminated strings, alive until the call is over. The two opaque
    // structures hold no pointers into themselves, so that they may lie in an object: the stub pins it for the call.
    private unsafe int SpawnOne(string path, NativeStrings arguments, NativeStrings? environment, out int processId)
    {
        byte** variables = environment is null ? NativeStrings.OfThisProcess : environment.Pointer;
        return Libc.Spawn(out processId, path, ref _actions, ref _attributes, arguments.Pointer, variables);
    }
}
