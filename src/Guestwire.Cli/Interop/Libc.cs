using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Cli.Interop;

/// <summary>Functions of the C library that the framework has no way to call.</summary>
internal static partial class Libc
{
    /// <summary>Interrupted by a signal. Source: asm-generic/errno-base.h.</summary>
    internal const int EINTR = 4;

    /// <summary>Not now. Source: asm-generic/errno-base.h.</summary>
    internal const int EAGAIN = 11;

    /// <summary>Nobody reads any more. Source: asm-generic/errno-base.h.</summary>
    internal const int EPIPE = 32;

    /// <summary>There is room to write. Source: asm-generic/poll.h.</summary>
    internal const short POLLOUT = 4;

    /// <summary>The size of <c>struct termios</c>: four numbers of flags, a byte, 32 characters, two speeds. Source: bits/termios-struct.h.</summary>
    internal const int TerminalBytes = 60;

    /// <summary>Where c_lflag is in it.</summary>
    internal const int LocalFlagsOffset = 12;

    /// <summary>Lines come whole. Source: asm-generic/termbits.h.</summary>
    internal const uint ICANON = 2;

    /// <summary>What is typed is shown. Source: asm-generic/termbits.h.</summary>
    internal const uint ECHO = 8;

    /// <summary>When what was written has gone out. Source: asm-generic/termbits-common.h.</summary>
    internal const int TCSADRAIN = 1;

    /// <summary>The same, and what was typed before is dropped. Source: asm-generic/termbits-common.h.</summary>
    internal const int TCSAFLUSH = 2;

    /// <summary>tcgetattr(3).</summary>
    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    internal static partial int GetTerminal(int descriptor, Span<byte> terminal);

    /// <summary>tcsetattr(3).</summary>
    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    internal static partial int SetTerminal(int descriptor, int when, ReadOnlySpan<byte> terminal);

    /// <summary>write(2).</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nuint count);

    /// <summary>write(2).</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint count);

    /// <summary>read(2).</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(SafeFileHandle file, Span<byte> bytes, nuint count);

    /// <summary>socket(2).</summary>
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial SafeFileHandle Socket(int family, int type, int protocol);

    /// <summary>poll(2).</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    /// <summary>kill(2).</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    /// <summary><c>struct pollfd</c>. Source: poll.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }
}
