using System.Buffers.Text;
using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Memory blocks from <c>/sys/devices/system/memory/memoryN/</c>: the attributes <c>state</c> and <c>removable</c>.</summary>
/// <param name="sysfs">Where sysfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class MemoryFacts(string sysfs = "/sys") : IMemoryFacts
{
    // With the slash, because the reference's error texts have it.
    private readonly string _directory = sysfs + "/devices/system/memory/";

    /// <inheritdoc/>
    public IReadOnlyList<GuestMemoryBlock> ListBlocks()
    {
        List<string>? names = PseudoFile.TryList(_directory, out int errno);
        if (names is null)
        {
            // A kernel built without hotplug of memory has no such directory; that is no error.
            return errno == Errno.ENOENT ? [] : throw Errno.ToQapi($"Can't open directory \"{_directory}\"", errno);
        }

        List<GuestMemoryBlock> blocks = [];
        foreach (string name in names)
        {
            if (TryParseNumber(name, out ulong number))
            {
                blocks.Add(Describe(number, _directory + name));
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
    private static bool TryParseNumber(string name, out ulong number)
    {
        number = 0;
        return name.StartsWith("memory", StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static GuestMemoryBlock Describe(ulong number, string block)
    {
        Span<byte> text = stackalloc byte[16];
        int count = PseudoFile.TryRead(block + "/state", text, out int errno);
        if (count < 0)
        {
            // Without the attribute the block is part of memory that is always there.
            return errno == Errno.ENOENT
                ? new GuestMemoryBlock { PhysIndex = number, Online = true, CanOffline = false }
                : throw Errno.ToQapi($"open(\"{block}/state\")", errno);
        }

        bool online = text[..count].StartsWith("online"u8);
        count = PseudoFile.TryRead(block + "/removable", text, out _);
        return new GuestMemoryBlock { PhysIndex = number, Online = online, CanOffline = count > 0 && text[0] != (byte)'0' };
    }
}
