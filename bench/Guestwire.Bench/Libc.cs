using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Bench;

/// <summary>What the framework has no call for, or only one that costs more than what is measured.</summary>
internal static partial class Libc
{
    // Source: asm-generic/errno-base.h.
    internal const int Interrupted = 4;
    internal const int TryAgain = 11;

    // Source: bits/socket.h, asm-generic/socket.h.
    internal const int UnixFamily = 1;
    internal const int StreamSocket = 1;
    internal const int CloseOnExec = 0x80000;
    internal const int SocketLevel = 1;
    internal const int ReceiveTimeout = 20;
    internal const int SendTimeout = 21;
    internal const int NoSignal = 0x4000;

    // Source: spawn.h, fcntl.h, bits/waitflags.h, signal.h.
    internal const short SetSignalDefaults = 0x04;
    internal const int WriteOnlyCreateTruncate = 0x1 | 0x40 | 0x200;
    internal const int NoHang = 1;
    internal const int KillSignal = 9;

    // Source: linux/sched.h, linux/mount.h.
    internal const int NewMountNamespace = 0x00020000;
    internal const nuint BindMount = 0x1000;
    internal const nuint PrivateMountsBelow = 0x4000 | 0x40000;

    /// <summary>RLIMIT_NOFILE. Source: asm-generic/resource.h.</summary>
    internal const int OpenFilesLimit = 7;

    private const string Library = "libc";

    /// <summary><c>struct timespec</c> or <c>struct timeval</c>: the second member is nanoseconds or microseconds.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Time
    {
        internal nint Seconds;
        internal nint Fraction;
    }

    /// <summary><c>struct rlimit</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Limit
    {
        internal nuint Now;
        internal nuint Most;
    }

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    internal static partial SafeFileHandle Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(SafeFileHandle socket, ReadOnlySpan<byte> address, uint length);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    internal static partial int SetTimeout(SafeFileHandle socket, int level, int option, in Time value, uint length);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    internal static partial nint Send(SafeFileHandle socket, ReadOnlySpan<byte> bytes, nuint count, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(SafeFileHandle socket, Span<byte> bytes, nuint count, int flags);

    [LibraryImport(Library, EntryPoint = "sched_yield")]
    internal static partial int Yield();

    [LibraryImport(Library, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Spawn(
        out int process, string path, Span<byte> fileActions, Span<byte> attributes, ReadOnlySpan<nint> words, ReadOnlySpan<nint> environment);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int InitializeFileActions(Span<byte> fileActions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int AddOpen(Span<byte> fileActions, int descriptor, string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int DestroyFileActions(Span<byte> fileActions);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    internal static partial int InitializeAttributes(Span<byte> attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SetFlags(Span<byte> attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int SetDefaultSignals(Span<byte> attributes, ReadOnlySpan<byte> signals);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int WaitFor(int process, out int status, int flags);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    [LibraryImport(Library, EntryPoint = "clock_gettime", SetLastError = true)]
    internal static partial int GetTime(int clock, out Time time);

    [LibraryImport(Library, EntryPoint = "setrlimit", SetLastError = true)]
    internal static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport(Library, EntryPoint = "unshare", SetLastError = true)]
    internal static partial int Unshare(int flags);

    [LibraryImport(Library, EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Mount(string source, string target, string? type, nuint flags, string? data);
}
