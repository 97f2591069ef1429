using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// The whole text of a regular file or of an attribute of sysfs, of which nearly all fit a buffer on the stack. Their first short read is the
/// last, unlike that of a table in /proc: <see cref="PseudoFile.TryRead(string, out int)"/> reads those.
/// </summary>
[SupportedOSPlatform("linux")]
internal readonly ref struct FileText
{
    /// <summary>A good size of the buffer: an attribute of sysfs has at most a page.</summary>
    internal const int UsualBytes = 4096;

    private readonly ByteBuffer? _long;

    private FileText(ReadOnlySpan<byte> bytes, ByteBuffer? rest)
    {
        Bytes = bytes;
        _long = rest;
    }

    /// <summary>The text; empty when the file could not be read.</summary>
    internal ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; a FIFO or a device without data never blocks.</param>
    /// <param name="room">Where the text is put when it fits.</param>
    /// <param name="text">The text: dispose it.</param>
    /// <returns>False when it could not be read.</returns>
    internal static bool TryRead(string path, Span<byte> room, out FileText text)
    {
        int count = Libc.ReadOnce(path, room, out int errno);
        if (count < room.Length)
        {
            text = new FileText(room[..Math.Max(count, 0)], null);
            return errno == 0;
        }

        // Rare: from the start again, into memory of the size that it takes.
        ByteBuffer? whole = PseudoFile.TryRead(path, out errno);
        text = new FileText(whole is null ? default : whole.Bytes, whole);
        return whole is not null;
    }

    /// <summary>Gives back what a long text took.</summary>
    public void Dispose() => ((IDisposable?)_long)?.Dispose();
}
