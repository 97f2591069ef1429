using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Memory blocks by <c>/sys/devices/system/memory/memoryN/state</c>: a word, written <c>online</c> or <c>offline</c>, and read also with
/// more behind <c>online</c>. Source: sysfs-devices-memory.
/// </summary>
/// <param name="sysfs">Where sysfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class MemorySwitch(string sysfs = "/sys") : IMemorySwitch
{
    private readonly string _directory = sysfs + "/devices/system/memory";

    /// <inheritdoc/>
    public GuestMemoryBlockResponse Switch(ulong number, bool online)
    {
        string block = $"{_directory}/memory{number}";
        string path = block + "/state";
        Span<byte> state = stackalloc byte[16];
        int count = PseudoFile.TryRead(path, state, out int errno);
        if (count < 0)
        {
            return Response(number, errno == Errno.ENOENT ? WithoutState(block, online) : GuestMemoryBlockResponseType.OperationFailed, errno);
        }

        return state[..count].StartsWith("online"u8) == online || PseudoFile.TryWrite(path, online ? "online"u8 : "offline"u8, out errno)
            ? new GuestMemoryBlockResponse { PhysIndex = number, Response = GuestMemoryBlockResponseType.Success }
            : Response(number, GuestMemoryBlockResponseType.OperationFailed, errno);
    }

    private static GuestMemoryBlockResponse Response(ulong number, GuestMemoryBlockResponseType type, int errno) =>
        new() { PhysIndex = number, Response = type, ErrorCode = errno };

    /// <summary>A block without the attribute is memory that is always there; a kernel without the directory cannot switch memory at all.</summary>
    private GuestMemoryBlockResponseType WithoutState(string block, bool online)
    {
        if (!Exists(_directory))
        {
            return GuestMemoryBlockResponseType.OperationNotSupported;
        }

        return !Exists(block) ? GuestMemoryBlockResponseType.NotFound
            : online ? GuestMemoryBlockResponseType.Success
            : GuestMemoryBlockResponseType.OperationNotSupported;
    }

    private static bool Exists(string path) => Libc.Stat(Libc.AT_FDCWD, path, 0, Libc.STATX_TYPE, out _) == 0;
}
