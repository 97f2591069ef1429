using System.Runtime.InteropServices;

namespace Guestwire.Protocol;

/// <summary>
/// Blocks of memory for requests and replies of megabytes: made of the system's own pages, given back to it at once, and grown without a copy.
/// </summary>
/// <remarks>
/// Filling fresh memory costs a page fault for every page, which for 4 KiB pages is most of what a large request costs, and in a guest without
/// hardware paging nearly all of it. So on Linux a block lies on huge pages where the system has them: one fault for 2 MiB. Address space is
/// reserved for all that a block may become, which costs nothing, and made usable as it grows. Source: madvise(2), Linux
/// admin-guide/mm/transhuge.
/// </remarks>
internal static unsafe partial class LargeBlock
{
    /// <summary>Sizes are multiples of this: a huge page of x86-64, and of arm64 with pages of 4 KiB.</summary>
    internal const int HugePageBytes = 2 * 1024 * 1024;

    /// <summary>Address space of a block: more than the largest request.</summary>
    private const int ReservedBytes = 128 * 1024 * 1024;

    /// <summary>Address space of a block that outgrows that, in bytes: all that <see cref="ByteBuffer"/> can hold.</summary>
    private const nuint MostReservedBytes = 1u << 31;

    private const string Library = "libc";

    // Source: asm-generic/mman-common.h and asm-generic/mman.h; the same on every architecture that .NET runs on.
    private const int PROT_NONE = 0;
    private const int PROT_READ = 1;
    private const int PROT_WRITE = 2;
    private const int MAP_PRIVATE = 0x02;
    private const int MAP_ANONYMOUS = 0x20;
    private const int MADV_DONTNEED = 4;
    private const int MADV_HUGEPAGE = 14;

    /// <summary>The size that a block of at least so many bytes has.</summary>
    internal static int SizeFor(long bytes) => (int)Math.Min((bytes + HugePageBytes - 1) / HugePageBytes * HugePageBytes, Array.MaxLength);

    /// <summary>Makes a block.</summary>
    /// <param name="size">Its size, from <see cref="SizeFor"/>.</param>
    /// <exception cref="OutOfMemoryException">The system has no memory left.</exception>
    internal static byte* Allocate(int size)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (byte*)NativeMemory.Alloc((nuint)size);
        }

        // A huge page has to begin at a multiple of its size: what is too much on either side is given back.
        nuint reserved = Reserved(size);
        byte* all = Map(null, reserved + HugePageBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if ((nint)all == -1)
        {
            throw new InsufficientMemoryException();
        }

        nuint before = (nuint)(-(nint)all & (HugePageBytes - 1));
        byte* block = all + before;
        if (before > 0)
        {
            _ = Unmap(all, before);
        }

        _ = Unmap(block + reserved, HugePageBytes - before);

        // Where the system has none, small ones do.
        _ = Advise(block, reserved, MADV_HUGEPAGE);
        if (Protect(block, (nuint)size, PROT_READ | PROT_WRITE) != 0)
        {
            Free(block, size);
            throw new InsufficientMemoryException();
        }

        return block;
    }

    /// <summary>Makes a block larger where it stands.</summary>
    /// <returns>False when it cannot: it needs another block.</returns>
    internal static bool TryGrow(byte* block, int size, int larger) =>
        OperatingSystem.IsLinux() && Reserved(larger) == Reserved(size) && Protect(block, (nuint)larger, PROT_READ | PROT_WRITE) == 0;

    /// <summary>Gives back the memory behind the first bytes of a block, which keeps its size.</summary>
    internal static void TrimTo(byte* block, int size, int used)
    {
        if (OperatingSystem.IsLinux())
        {
            nuint page = (nuint)Environment.SystemPageSize;
            nuint kept = ((nuint)used + page - 1) / page * page;
            _ = Advise(block + kept, Math.Max((nuint)size, kept) - kept, MADV_DONTNEED);
        }
    }

    /// <summary>Gives a block back.</summary>
    internal static void Free(byte* block, int size)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Unmap(block, Reserved(size));
        }
        else
        {
            NativeMemory.Free(block);
        }
    }

    private static nuint Reserved(int size) => size <= ReservedBytes ? ReservedBytes : MostReservedBytes;

    [LibraryImport(Library, EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport(Library, EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nuint length);

    [LibraryImport(Library, EntryPoint = "mprotect")]
    private static partial int Protect(byte* address, nuint length, int protection);

    [LibraryImport(Library, EntryPoint = "madvise")]
    private static partial int Advise(byte* address, nuint length, int advice);
}
