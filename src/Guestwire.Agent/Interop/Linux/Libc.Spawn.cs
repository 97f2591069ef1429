using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>Programs: posix_spawn(3), pidfd_open(2), waitpid(2).</summary>
internal static partial class Libc
{
    // posix_spawnattr_setflags. Source: spawn.h.
    internal const short POSIX_SPAWN_SETPGROUP = 0x02;
    internal const short POSIX_SPAWN_SETSIGDEF = 0x04;
    internal const short POSIX_SPAWN_SETSIGMASK = 0x08;
    internal const short POSIX_SPAWN_SETSID = 0x80;

    // waitpid(2), waitid(2). Source: bits/waitflags.h, asm-generic/siginfo.h.
    internal const int WNOHANG = 1;
    private const int WEXITED = 4;
    private const int WNOWAIT = 0x1000000;
    private const int P_PID = 1;
    private const int CLD_EXITED = 1;

    internal const int SIGKILL = 9;
    internal const int SIGPIPE = 13;

    /// <summary>pidfd_open(2), since Linux 5.3; the number is the same on every architecture. Source: asm-generic/unistd.h.</summary>
    internal const nint SYS_pidfd_open = 434;

    /// <summary>
    /// Room for <c>posix_spawn_file_actions_t</c> (80 bytes in glibc), <c>posix_spawnattr_t</c> (336) or <c>sigset_t</c> (128), which
    /// programs are not meant to look into.
    /// </summary>
    [StructLayout(LayoutKind.Sequential, Size = 512)]
    internal struct Opaque
    {
        private readonly long _first;
    }

    [LibraryImport(Library, EntryPoint = "posix_spawn")]
    internal static unsafe partial int Spawn(
        out int pid, [MarshalUsing(typeof(PathMarshaller))] string path, ref Opaque actions, ref Opaque attributes, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int SpawnActionsInit(out Opaque actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int SpawnActionsDestroy(ref Opaque actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int SpawnActionsAddDup(ref Opaque actions, int from, int to);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen")]
    internal static partial int SpawnActionsAddOpen(
        ref Opaque actions, int descriptor, [MarshalUsing(typeof(PathMarshaller))] string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    internal static partial int SpawnAttributesInit(out Opaque attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int SpawnAttributesDestroy(ref Opaque attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SpawnAttributesSetFlags(ref Opaque attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int SpawnAttributesSetSignalDefault(ref Opaque attributes, ref Opaque signals);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int SpawnAttributesSetSignalMask(ref Opaque attributes, ref Opaque signals);

    /// <summary>Closes every descriptor from this one on in the child; since glibc 2.34.</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    internal static partial int SpawnActionsAddCloseFrom(ref Opaque actions, int first);

    /// <summary>Changes to an open directory in the child; since glibc 2.29.</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addfchdir_np")]
    internal static partial int SpawnActionsAddChangeDirectory(ref Opaque actions, int directory);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    internal static unsafe partial int Pipe(int* ends, int flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);

    /// <summary>A descriptor that becomes readable when the child ends.</summary>
    internal static SafeFileHandle OpenPidFd(int pid) => new(SystemCall(SYS_pidfd_open, pid, 0), ownsHandle: true);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int WaitPid(int pid, out int status, int options);

    [LibraryImport(Library, EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, int id, out ChildEnd end, int options);

    /// <summary>Looks whether a child has ended, and leaves it unreaped, so that nobody else gets its number.</summary>
    /// <param name="pid">The child.</param>
    /// <param name="status">As waitpid(2) would tell it, but for the bit that says whether a core was written.</param>
    internal static bool TryPeekAtEnd(int pid, out int status)
    {
        bool hasEnded = WaitId(P_PID, pid, out ChildEnd end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.ProcessId == pid;
        status = end.Code == CLD_EXITED ? (end.Status & 0xFF) << 8 : end.Status & 0x7F;
        return hasEnded;
    }

    /// <summary><c>siginfo_t</c> of a child on 64-bit systems, as far as we look. Source: asm-generic/siginfo.h.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct ChildEnd
    {
        /// <summary>How it ended: by itself, or by a signal.</summary>
        [FieldOffset(8)]
        internal int Code;

        /// <summary>Which child; zero when none has ended.</summary>
        [FieldOffset(16)]
        internal int ProcessId;

        /// <summary>Its exit code, or the signal.</summary>
        [FieldOffset(24)]
        internal int Status;
    }
}
