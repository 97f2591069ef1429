using System.Runtime.InteropServices;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>Threads that wait for each other. Source: sem_overview(7).</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Library, EntryPoint = "sem_init")]
    internal static partial int SemInit(byte* semaphore, int shared, uint value);

    [LibraryImport(Library, EntryPoint = "sem_post")]
    internal static partial int SemPost(byte* semaphore);

    [LibraryImport(Library, EntryPoint = "sem_wait")]
    internal static partial int SemWait(byte* semaphore);

    [LibraryImport(Library, EntryPoint = "sem_timedwait", SetLastError = true)]
    internal static partial int SemTimedWait(byte* semaphore, in Timespec until);

    [LibraryImport(Library, EntryPoint = "sem_destroy")]
    internal static partial int SemDestroy(byte* semaphore);
}
