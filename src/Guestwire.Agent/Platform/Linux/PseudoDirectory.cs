using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>A directory of /proc or /sys that is walked once, name by name; what lies below a name is reached from here, without its whole path.</summary>
[SupportedOSPlatform("linux")]
internal sealed class PseudoDirectory : IDisposable
{
    // A name has at most 255 bytes, and no attribute that is asked for has more than a few dozen. Source: NAME_MAX in linux/limits.h.
    private const int LongestPath = 320;

    private readonly DirectoryHandle _directory;

    private PseudoDirectory(DirectoryHandle directory) => _directory = directory;

    /// <summary>Opens a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="errno">Why it could not be opened; 0 when it could.</param>
    /// <returns>Null when it could not be opened.</returns>
    internal static PseudoDirectory? TryOpen(string path, out int errno)
    {
        DirectoryHandle directory = Libc.OpenDir(path);
        errno = directory.IsInvalid ? Errno.Last : 0;
        if (!directory.IsInvalid)
        {
            return new PseudoDirectory(directory);
        }

        directory.Dispose();
        return null;
    }

    /// <summary>Whether it is the kernel's own sysfs, and not a tree of files that somebody put in its place.</summary>
    internal bool IsSysfs => Libc.IsSysfs(_directory);

    /// <summary>Takes the next name, in the directory's own order; <c>.</c> and <c>..</c> are passed over.</summary>
    /// <param name="name">The name; valid until the next call.</param>
    /// <returns>False at the end.</returns>
    internal bool TryReadName(out ReadOnlySpan<byte> name)
    {
        for (nint entry = Libc.ReadDir(_directory); entry != 0; entry = Libc.ReadDir(_directory))
        {
            name = DirectoryEntry.BytesOf(entry);
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                return true;
            }
        }

        name = default;
        return false;
    }

    /// <summary>Reads a small attribute of something in this directory: at most as much as the buffer holds, in one piece.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attribute">The attribute, with a slash before it.</param>
    /// <param name="content">Gets the content.</param>
    /// <param name="errno">Why it could not be read; 0 when it could.</param>
    /// <returns>What was read, or -1.</returns>
    internal int TryRead(ReadOnlySpan<byte> name, ReadOnlySpan<byte> attribute, Span<byte> content, out int errno) =>
        Libc.ReadOnce(_directory, Join(name, attribute, stackalloc byte[LongestPath]), content, out errno);

    /// <summary>Whether something in this directory has an attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attribute">The attribute, with a slash before it.</param>
    /// <param name="errno">What kept us from finding out; 0 when nothing did.</param>
    internal bool Has(ReadOnlySpan<byte> name, ReadOnlySpan<byte> attribute, out int errno) =>
        Libc.Exists(_directory, Join(name, attribute, stackalloc byte[LongestPath]), out errno);

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private static ReadOnlySpan<byte> Join(ReadOnlySpan<byte> name, ReadOnlySpan<byte> attribute, Span<byte> path)
    {
        name.CopyTo(path);
        attribute.CopyTo(path[name.Length..]);
        path[name.Length + attribute.Length] = 0;
        return path;
    }
}
