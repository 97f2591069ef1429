using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Client.Interop;

/// <summary>The C library of Linux: what the transports and the command need that .NET does not have.</summary>
[SupportedOSPlatform("linux")]
internal static partial class Libc
{
    private const string Library = "libc";

    // Source: errno.h, asm-generic/errno-base.h, asm-generic/errno.h.
    internal const int EINTR = 4;
    internal const int EIO = 5;
    internal const int EAGAIN = 11;
    internal const int ENODEV = 19;
    internal const int EPIPE = 32;
    internal const int EAFNOSUPPORT = 97;
    internal const int ECONNRESET = 104;
    internal const int ECONNREFUSED = 111;
    internal const int EINPROGRESS = 115;

    // open(2) flags. Source: asm-generic/fcntl.h; the same on every architecture that .NET runs on.
    internal const int O_RDWR = 2;
    internal const int O_NOCTTY = 0x100;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;

    // flock(2). Source: asm-generic/fcntl.h.
    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;

    // poll(2). Source: asm-generic/poll.h.
    internal const short POLLIN = 1;
    internal const short POLLOUT = 4;

    // eventfd(2). Source: sys/eventfd.h.
    internal const int EFD_NONBLOCK = O_NONBLOCK;
    internal const int EFD_CLOEXEC = O_CLOEXEC;

    // Source: bits/socket.h, asm-generic/socket.h.
    internal const int AF_VSOCK = 40;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_NONBLOCK = O_NONBLOCK;
    internal const int SOCK_CLOEXEC = O_CLOEXEC;
    internal const int SOL_SOCKET = 1;
    internal const int SO_ERROR = 4;

    // termios(3). Source: asm-generic/termbits.h.
    internal const uint CREAD = 0x80;
    internal const uint CLOCAL = 0x800;
    internal const uint ICANON = 2;
    internal const uint ECHO = 8;
    internal const int TCSANOW = 0;
    internal const int TCSADRAIN = 1;
    internal const int TCSAFLUSH = 2;

    /// <summary><c>struct pollfd</c>. Source: asm-generic/poll.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }

    /// <summary><c>struct sockaddr_vm</c>. Source: linux/vm_sockets.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct VsockAddress
    {
        internal ushort Family;
        internal ushort Reserved;
        internal uint Port;
        internal uint ContextId;
        internal uint Zero;
    }

    /// <summary><c>struct termios</c> as glibc and musl have it. Source: bits/termios-struct.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Termios
    {
        internal uint InputFlags;
        internal uint OutputFlags;
        internal uint ControlFlags;
        internal uint LocalFlags;
        internal byte LineDiscipline;
        internal fixed byte ControlCharacters[32];
        internal uint InputSpeed;
        internal uint OutputSpeed;
    }

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(SafeFileHandle file, Span<byte> buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    internal static partial int Flock(SafeFileHandle file, int operation);

    /// <param name="entries">What to wait for.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="timeout">Milliseconds; -1 for as long as it takes.</param>
    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(Span<PollEntry> entries, nuint count, int timeout);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    internal static partial SafeFileHandle EventDescriptor(uint value, int flags);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    internal static partial SafeFileHandle Socket(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(SafeFileHandle socket, in VsockAddress address, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    internal static partial int GetSocketOption(SafeFileHandle socket, int level, int name, out int value, ref uint length);

    [LibraryImport(Library, EntryPoint = "tcgetattr", SetLastError = true)]
    internal static partial int GetTerminal(SafeFileHandle terminal, out Termios settings);

    [LibraryImport(Library, EntryPoint = "tcsetattr", SetLastError = true)]
    internal static partial int SetTerminal(SafeFileHandle terminal, int when, in Termios settings);

    /// <summary>Bytes as they are, both ways, each as soon as it is there. Source: termios(3).</summary>
    [LibraryImport(Library, EntryPoint = "cfmakeraw")]
    internal static partial void MakeRaw(ref Termios settings);

    /// <summary>The error number that the last call with <c>SetLastError</c> left.</summary>
    internal static int LastError => Marshal.GetLastPInvokeError();

    /// <summary>The message for an error number, e.g. <c>No such file or directory</c>.</summary>
    internal static string TextOf(int error) => Marshal.GetPInvokeErrorMessage(error);
}
