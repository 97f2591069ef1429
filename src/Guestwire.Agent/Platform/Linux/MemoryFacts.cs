using System.Buffers.Text;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Memory blocks from <c>/sys/devices/system/memory/memoryN/</c>: the attributes <c>state</c> and <c>removable</c>.</summary>
/// <param name="sysfs">Where sysfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class MemoryFacts(string sysfs = "/sys") : IMemoryFacts
{
    // Since then "removable" is 1 for every block of a kernel that can switch memory off, and 0 for every block of another. It is
    // read once, of the blocks that have a state. Source: Documentation/ABI/testing/sysfs-devices-memory of the kernel.
    private static readonly Version SameForAllBlocks = new(5, 7);

    // With the slash, because the reference's error texts have it.
    private readonly string _directory = sysfs + "/devices/system/memory/";

    /// <inheritdoc/>
    public IReadOnlyList<GuestMemoryBlock> ListBlocks()
    {
        using PseudoDirectory? directory = PseudoDirectory.TryOpen(_directory, out int errno);
        if (directory is null)
        {
            // A kernel built without hotplug of memory has no such directory; that is no error.
            return errno == Errno.ENOENT ? [] : throw Errno.ToQapi($"Can't open directory \"{_directory}\"", errno);
        }

        List<GuestMemoryBlock> blocks = [];
        bool sameForAll = directory.IsSysfs && KernelRelease.OfThisSystem() >= SameForAllBlocks;
        bool? removable = null;
        while (directory.TryReadName(out ReadOnlySpan<byte> name))
        {
            if (TryParseNumber(name, out ulong number))
            {
                blocks.Add(Describe(directory, name, number, ref removable));
                removable = sameForAll ? removable : null;
            }
        }

        return blocks.Count > 0 ? blocks : throw new QapiException("guest reported zero memory blocks!");
    }

    /// <inheritdoc/>
    public ulong ReadBlockSizeBytes()
    {
        Span<byte> text = stackalloc byte[32];
        int count = PseudoFile.TryRead(_directory + "block_size_bytes", text, out int errno);
        if (count < 0)
        {
            throw PseudoFile.TryList(_directory, out int directoryErrno) is null
                ? Errno.ToQapi($"open(\"{_directory}\")", directoryErrno)
                : Errno.ToQapi("open sysfs file \"block_size_bytes\"", errno);
        }

        // Hexadecimal without prefix, although no other attribute beside it is.
        return Utf8Parser.TryParse(text[..count], out ulong size, out int _, 'x')
            ? size
            : throw new QapiException($"failed to parse \"{_directory}block_size_bytes\"");
    }

    // Beside memory0, memory1, ... the directory holds power, soft_offline_page and more.
    private static bool TryParseNumber(ReadOnlySpan<byte> name, out ulong number)
    {
        number = 0;
        return name.StartsWith("memory"u8)
            && ulong.TryParse(name[6..], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Describes a block.</summary>
    /// <param name="directory">That of all blocks.</param>
    /// <param name="name">The block's own in there.</param>
    /// <param name="number">Its number.</param>
    /// <param name="removable">What <c>removable</c> says; null when it is to be read.</param>
    private GuestMemoryBlock Describe(PseudoDirectory directory, ReadOnlySpan<byte> name, ulong number, ref bool? removable)
    {
        Span<byte> text = stackalloc byte[16];
        int count = directory.TryRead(name, "/state"u8, text, out int errno);
        if (count < 0)
        {
            // Without the attribute the block is part of memory that is always there.
            return errno == Errno.ENOENT
                ? new GuestMemoryBlock { PhysIndex = number, Online = true, CanOffline = false }
                : throw Errno.ToQapi($"open(\"{_directory}{Encoding.UTF8.GetString(name)}/state\")", errno);
        }

        bool online = text[..count].StartsWith("online"u8);
        removable ??= directory.TryRead(name, "/removable"u8, text, out _) > 0 && text[0] != (byte)'0';
        return new GuestMemoryBlock { PhysIndex = number, Online = online, CanOffline = removable };
    }
}
