using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Reads whole small files, above all those of /proc and /sys, which have no size until they are read; and writes attributes.</summary>
[SupportedOSPlatform("linux")]
internal static class PseudoFile
{
    /// <summary>What is read at most, in bytes. Our own limit: /proc/diskstats of ten thousand disks takes 2 MiB. The rest is ignored.</summary>
    internal const int MaxBytes = 16 * 1024 * 1024;

    private const int PieceBytes = 32 * 1024;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; a FIFO or a device without data never blocks.</param>
    /// <param name="errno">Why it could not be read; 0 when it could.</param>
    /// <returns>The content, in native memory: dispose it. Null when it could not be read.</returns>
    internal static ByteBuffer? TryRead(string path, out int errno)
    {
        using SafeFileHandle file = Libc.Open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NOCTTY | Libc.O_NONBLOCK, 0);
        if (file.IsInvalid)
        {
            errno = Errno.Last;
            return null;
        }

        ByteBuffer content = new();
        while (content.Count < MaxBytes)
        {
            int count = Libc.Read(file, content.GetSpan(PieceBytes));
            if (count < 0)
            {
                errno = Errno.Last;
                ((IDisposable)content).Dispose();
                return null;
            }

            if (count == 0)
            {
                break;
            }

            content.Advance(count);
        }

        errno = 0;
        return content;
    }

    /// <summary>Reads a small attribute: at most as much as the buffer holds, in one piece.</summary>
    /// <returns>What was read, or -1 with <paramref name="errno"/> set.</returns>
    internal static int TryRead(string path, Span<byte> content, out int errno) => Libc.ReadOnce(path, content, out errno);

    /// <summary>Writes an attribute, in one piece: the kernel acts on it before this returns.</summary>
    /// <returns>False when it could not be written, with <paramref name="errno"/> set.</returns>
    internal static bool TryWrite(string path, ReadOnlySpan<byte> content, out int errno)
    {
        using SafeFileHandle file = Libc.Open(path, Libc.O_WRONLY | Libc.O_CLOEXEC | Libc.O_NOCTTY, 0);
        errno = file.IsInvalid || Libc.Write(file, content) < 0 ? Errno.Last : 0;
        return errno == 0;
    }

    /// <summary>The names in a directory, in the directory's own order, without <c>.</c> and <c>..</c>.</summary>
    /// <returns>Null when it could not be read, with <paramref name="errno"/> set.</returns>
    internal static List<string>? TryList(string path, out int errno)
    {
        using PseudoDirectory? directory = PseudoDirectory.TryOpen(path, out errno);
        if (directory is null)
        {
            return null;
        }

        List<string> names = [];
        while (directory.TryReadName(out ReadOnlySpan<byte> name))
        {
            names.Add(Encoding.UTF8.GetString(name));
        }

        return names;
    }

    /// <summary>The path without links and dots, or null when there is nothing.</summary>
    internal static string? TryResolve(string path)
    {
        byte[] resolved = new byte[Libc.PATH_MAX];
        return Libc.RealPath(path, resolved) == 0 ? null : CText.ToString(resolved);
    }

    /// <summary>
    /// Where a link of sysfs leads, or null when there is nothing. Such a link goes up to the root of sysfs by dots and down again
    /// through real directories, so two calls tell what realpath(3) asks component by component. Any other link is left to it.
    /// </summary>
    internal static string? TryResolveLink(string path)
    {
        Span<byte> target = stackalloc byte[Libc.PATH_MAX];
        nint length = Libc.ReadLink(path, target, (nuint)target.Length);
        ReadOnlySpan<byte> rest = length > 0 ? target[..(int)length] : default;
        if (!rest.StartsWith("../"u8))
        {
            return TryResolve(path);
        }

        int folder = path.LastIndexOf('/');
        while (rest.StartsWith("../"u8) && folder > 0)
        {
            rest = rest[3..];
            folder = path.LastIndexOf('/', folder - 1);
        }

        string resolved = string.Concat(path.AsSpan(0, Math.Max(folder, 0)), "/", Encoding.UTF8.GetString(rest));
        return Libc.Access(resolved, Libc.F_OK) == 0 ? resolved : null;
    }

    /// <summary>The last component of what a link points to, or null when it is no link.</summary>
    internal static string? TryLinkName(string path)
    {
        Span<byte> target = stackalloc byte[512];
        nint length = Libc.ReadLink(path, target, (nuint)target.Length);
        return length <= 0 ? null : Encoding.UTF8.GetString(target[(target[..(int)length].LastIndexOf((byte)'/') + 1)..(int)length]);
    }
}
