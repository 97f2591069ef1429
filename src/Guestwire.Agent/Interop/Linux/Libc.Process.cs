using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>What a process does to itself: signals, working directory, environment, locks, its copy in the background.</summary>
internal static partial class Libc
{
    // Signals. Source: asm-generic/signal.h, bits/sigaction.h, bits/signum-generic.h.
    internal const int SIGINT = 2;
    internal const int SIGTERM = 15;
    internal const int SIG_UNBLOCK = 1;
    internal const int SIGCHLD = 17;
    internal const nint SIG_DFL = 0;
    internal const nint SIG_IGN = 1;

    /// <summary>64-bit words in a <c>sigset_t</c>: signal n is bit n-1. Source: bits/types/__sigset_t.h; musl is the same.</summary>
    internal const int SigsetWords = 16;

    // signalfd(2) flags. Source: bits/signalfd.h.
    internal const int SFD_NONBLOCK = 0x800;
    internal const int SFD_CLOEXEC = 0x80000;

    // syslog(3). Source: sys/syslog.h.
    internal const int LOG_INFO = 6;
    internal const int LOG_USER = 1 << 3;

    // fcntl(2) locks that belong to the open file, not to the process. Source: asm-generic/fcntl.h.
    internal const int F_OFD_SETLK = 37;
    internal const short F_WRLCK = 1;

    // statx(2) of an open file. Source: linux/fcntl.h.
    internal const int AT_EMPTY_PATH = 0x1000;

    // Socket options. Source: asm-generic/socket.h.
    internal const int SOL_SOCKET = 1;
    internal const int SO_ACCEPTCONN = 30;
    internal const int SO_DOMAIN = 39;

    [LibraryImport(Library, EntryPoint = "pthread_sigmask")]
    internal static partial int PthreadSigmask(int how, ReadOnlySpan<ulong> set, nint oldSet);

    [LibraryImport(Library, EntryPoint = "signalfd", SetLastError = true)]
    internal static partial SafeFileHandle SignalFd(int descriptor, ReadOnlySpan<ulong> set, int flags);

    [LibraryImport(Library, EntryPoint = "sigtimedwait", SetLastError = true)]
    internal static partial int SigTimedWait(ReadOnlySpan<ulong> set, nint info, in Timespec timeout);

    [LibraryImport(Library, EntryPoint = "signal")]
    internal static partial nint Signal(int signal, nint handler);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    internal static partial uint GetEffectiveUser();

    [LibraryImport(Library, EntryPoint = "umask")]
    internal static partial uint Umask(uint mask);

    [LibraryImport(Library, EntryPoint = "chdir", SetLastError = true)]
    internal static partial int ChDir([MarshalUsing(typeof(PathMarshaller))] string path);

    [LibraryImport(Library, EntryPoint = "dup2", SetLastError = true)]
    internal static partial int Dup2(SafeFileHandle from, int to);

    [LibraryImport(Library, EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int UnsetEnv(string name);

    /// <summary>Keeps <paramref name="ident"/>: the memory must live as long as anybody calls <see cref="Syslog"/>.</summary>
    [LibraryImport(Library, EntryPoint = "openlog")]
    internal static partial void OpenLog(nint ident, int option, int facility);

    /// <param name="format">Always <c>%s</c>: a format of our own making would be one that a host could fill.</param>
    [LibraryImport(Library, EntryPoint = "syslog", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void Syslog(int priority, string format, string text);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int FcntlLock(SafeFileHandle file, int command, in Flock flock);

    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    internal static partial int FTruncate(SafeFileHandle file, long length);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)]
    internal static partial int StatOpen(
        SafeFileHandle file, [MarshalUsing(typeof(PathMarshaller))] string path, int flags, uint mask, out StatX result);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    internal static partial int GetSocketOption(SafeFileHandle socket, int level, int option, out int value, ref uint length);

    /// <summary><c>struct timespec</c> of 64-bit systems. Source: bits/types/struct_timespec.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Timespec
    {
        internal long Seconds;
        internal long Nanoseconds;
    }

    /// <summary><c>struct flock</c> of 64-bit systems; start and length 0 mean the whole file. Source: asm-generic/fcntl.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Flock
    {
        internal short Type;
        internal short Whence;
        internal long Start;
        internal long Length;
        internal int Pid;
    }
}
