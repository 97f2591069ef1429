using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>Serial lines: termios(3).</summary>
internal static partial class Libc
{
    // Source: asm-generic/termbits.h.
    internal const uint IGNBRK = 0x001;
    internal const uint BRKINT = 0x002;
    internal const uint IGNPAR = 0x004;
    internal const uint PARMRK = 0x008;
    internal const uint INPCK = 0x010;
    internal const uint ISTRIP = 0x020;
    internal const uint INLCR = 0x040;
    internal const uint IGNCR = 0x080;
    internal const uint ICRNL = 0x100;
    internal const uint IXON = 0x400;
    internal const uint IXANY = 0x800;
    internal const uint IXOFF = 0x1000;
    internal const uint IMAXBEL = 0x2000;
    internal const uint B38400 = 0xF;
    internal const uint CBAUD = 0x100F;
    internal const uint CSIZE = 0x30;
    internal const uint CS8 = 0x30;
    internal const uint PARENB = 0x100;
    internal const int VTIME = 5;
    internal const int VMIN = 6;
    internal const int TCSANOW = 0;
    internal const int TCIFLUSH = 0;

    /// <summary><c>struct termios</c> as glibc has it. Source: bits/termios-struct.h.</summary>
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

    [LibraryImport(Library, EntryPoint = "tcgetattr", SetLastError = true)]
    internal static partial int GetTerminal(SafeFileHandle terminal, out Termios settings);

    [LibraryImport(Library, EntryPoint = "tcsetattr", SetLastError = true)]
    internal static partial int SetTerminal(SafeFileHandle terminal, int when, ref Termios settings);

    [LibraryImport(Library, EntryPoint = "tcflush", SetLastError = true)]
    internal static partial int FlushTerminal(SafeFileHandle terminal, int queue);
}
