using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>Who a process is, and the program that it becomes: for the one that starts programs of other users.</summary>
internal static partial class Libc
{
    // Source: linux/memfd.h, linux/fcntl.h, asm-generic/signal-defs.h.
    internal const uint MFD_CLOEXEC = 1;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int SIG_SETMASK = 2;

    [LibraryImport(Library, EntryPoint = "memfd_create", SetLastError = true)]
    internal static partial SafeFileHandle CreateMemoryFile([MarshalUsing(typeof(PathMarshaller))] string name, uint flags);

    /// <param name="groups">Gets the numbers of the groups, <paramref name="group"/> among them.</param>
    /// <param name="count">How many fit; then how many there are.</param>
    /// <returns>-1 when they did not fit.</returns>
    [LibraryImport(Library, EntryPoint = "getgrouplist")]
    internal static partial int GetGroupList(ReadOnlySpan<byte> user, uint group, Span<uint> groups, ref int count);

    [LibraryImport(Library, EntryPoint = "setgroups", SetLastError = true)]
    internal static partial int SetGroups(nuint count, ReadOnlySpan<uint> groups);

    [LibraryImport(Library, EntryPoint = "setgid", SetLastError = true)]
    internal static partial int SetGroup(uint groupId);

    [LibraryImport(Library, EntryPoint = "setuid", SetLastError = true)]
    internal static partial int SetUser(uint userId);

    /// <returns>Only when it failed.</returns>
    [LibraryImport(Library, EntryPoint = "execve", SetLastError = true)]
    internal static unsafe partial int Execute([MarshalUsing(typeof(PathMarshaller))] string path, byte** arguments, byte** environment);
}
