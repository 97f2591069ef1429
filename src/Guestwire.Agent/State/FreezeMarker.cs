using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.State;

/// <summary>
/// The file <c>qga.state.isfrozen</c> in the state directory, which is there as long as filesystems are frozen, so that an agent that dies
/// meanwhile is known to the next one. It holds the kernel's boot id and a line feed, for the state directory may outlive a boot and
/// a freeze does not. The reference has it empty.
/// </summary>
/// <param name="stateDirectory">The state directory.</param>
/// <param name="bootIdPath">Where the kernel tells the id of this boot. Source: random(4).</param>
[SupportedOSPlatform("linux")]
internal sealed class FreezeMarker(string stateDirectory, string bootIdPath = "/proc/sys/kernel/random/boot_id")
{
    /// <summary>Length of a boot id, in characters: a UUID.</summary>
    private const int BootIdLength = 36;

    private readonly string _path = $"{stateDirectory}/qga.state.isfrozen";

    /// <summary>Looks at the marker.</summary>
    internal MarkerStatus Read()
    {
        string? marked = TryReadLine(_path, out int errno);
        if (marked is null)
        {
            return errno == Errno.ENOENT ? MarkerStatus.Absent : MarkerStatus.Unknown;
        }

        string? current = TryReadLine(bootIdPath, out _);
        return marked.Length != BootIdLength || current is not { Length: BootIdLength } ? MarkerStatus.Unknown
            : marked == current ? MarkerStatus.OfThisBoot
            : MarkerStatus.OfAnotherBoot;
    }

    /// <summary>Sets the marker. It needs no sync: it is to outlive this process, not the machine.</summary>
    /// <returns>Why it could not be set, or null.</returns>
    internal string? Set()
    {
        // Without a boot id the marker stays empty, and the next agent waits to be told to thaw.
        byte[] content = Encoding.UTF8.GetBytes(TryReadLine(bootIdPath, out _) is string id ? id + "\n" : "");
        using SafeFileHandle file = Libc.Open(_path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC | Libc.O_CLOEXEC, Libc.OwnerOnly);
        return file.IsInvalid || Libc.Write(file, content) < 0 ? $"failed to create '{_path}': {Errno.Text(Errno.Last)}" : null;
    }

    /// <summary>Takes the marker away.</summary>
    internal void Remove() => Libc.Unlink(_path);

    private static string? TryReadLine(string path, out int errno)
    {
        Span<byte> content = stackalloc byte[BootIdLength + 28];
        int length = PseudoFile.TryRead(path, content, out errno);
        return length < 0 ? null : Encoding.UTF8.GetString(content[..length].TrimEnd((byte)'\n'));
    }
}
