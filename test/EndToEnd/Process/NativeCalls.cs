using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EndToEnd.ProcessSuite;

/// <summary>What the runtime offers no way to: signals to a process, pseudo terminals, descriptors to inherit.</summary>
internal static class NativeCalls
{
    internal const int SIGINT = 2;
    internal const int SIGKILL = 9;
    internal const int SIGTERM = 15;
    internal const int O_RDWR = 2;
    internal const int O_NOCTTY = 0x100;
    internal const int O_CLOEXEC = 0x80000;
    internal const int F_SETFD = 2;
    internal const short POLLIN = 1;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static extern int Kill(int processId, int signal);

    [DllImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    internal static extern int OpenTerminal(int flags);

    [DllImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    internal static extern int Unlock(SafeFileHandle master);

    [DllImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    internal static extern int NameOf(SafeFileHandle master, byte[] name, nint size);

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static extern int Poll(ref PollEntry entry, nuint count, int milliseconds);

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static extern int Control(nint descriptor, int command, nint argument);

    /// <summary><c>struct pollfd</c>. Source: poll.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }
}
