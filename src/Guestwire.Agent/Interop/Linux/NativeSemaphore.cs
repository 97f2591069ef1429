using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>
/// sem_init(3): one thread waits until another posts. Waking costs one system call and waiting one, where the runtime's own monitor takes
/// several.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class NativeSemaphore : IDisposable
{
    /// <summary>Size of <c>sem_t</c> on 64-bit Linux. Source: bits/semaphore.h.</summary>
    private const int SizeBytes = 32;

    // Unsafe: a block of the size of sem_t, used by nothing but the calls below, freed once when nobody waits or posts any more.
    private readonly byte* _semaphore = (byte*)NativeMemory.AllocZeroed(SizeBytes);

    internal NativeSemaphore() => _ = Libc.SemInit(_semaphore, 0, 0);

    /// <summary>Lets one wait end, the present one or the next.</summary>
    internal void Post() => _ = Libc.SemPost(_semaphore);

    /// <summary>Waits for a post.</summary>
    /// <param name="timeoutMilliseconds">About how long, by the wall clock: sooner or later when that is set meanwhile.</param>
    /// <returns>False when none came.</returns>
    internal bool Wait(int timeoutMilliseconds)
    {
        _ = Libc.ClockGetTime(Libc.CLOCK_REALTIME, out Libc.Timespec until);
        until.Nanoseconds += timeoutMilliseconds * 1_000_000L;
        until.Seconds += until.Nanoseconds / 1_000_000_000;
        until.Nanoseconds %= 1_000_000_000;
        while (Libc.SemTimedWait(_semaphore, until) < 0)
        {
            if (Errno.Last != Errno.EINTR)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Waits for a post that is on its way.</summary>
    internal void Wait()
    {
        while (Libc.SemWait(_semaphore) < 0)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Libc.SemDestroy(_semaphore);
        NativeMemory.Free(_semaphore);
    }
}
