using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Trims by ioctl FITRIM on each mount point. Source: fstrim(8), linux/fs.h.</summary>
/// <param name="mounts">The mounted filesystems.</param>
[SupportedOSPlatform("linux")]
internal sealed class FilesystemTrimmer(IMountTable mounts) : IFilesystemTrimmer
{
    /// <inheritdoc/>
    public IReadOnlyList<GuestFilesystemTrimResult> TrimAll(ulong minimumBytes)
    {
        List<GuestFilesystemTrimResult> results = [];
        foreach (Mount mount in mounts.Read())
        {
            results.Add(Trim(mount.Mountpoint, minimumBytes));
        }

        results.Reverse();
        return results;
    }

    private static GuestFilesystemTrimResult Trim(string mountpoint, ulong minimumBytes)
    {
        // Whatever is mounted there, opening it must not wait for anybody.
        using SafeFileHandle file = Libc.Open(mountpoint, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK | Libc.O_NOCTTY, 0);
        if (file.IsInvalid)
        {
            return Failed(mountpoint, $"failed to open: {Errno.Text(Errno.Last)}");
        }

        Libc.TrimRange range = new() { Length = ulong.MaxValue, Minimum = minimumBytes };
        if (Libc.IoctlTrim(file, Libc.FITRIM, ref range) == 0)
        {
            return new GuestFilesystemTrimResult { Path = mountpoint, Trimmed = (long)range.Length, Minimum = unchecked((long)range.Minimum) };
        }

        // No disk below that can discard, or no filesystem that asks it to.
        return Failed(
            mountpoint,
            Errno.Last is Errno.ENOTTY or Errno.EOPNOTSUPP ? "trim not supported" : $"failed to trim: {Errno.Text(Errno.Last)}");
    }

    private static GuestFilesystemTrimResult Failed(string mountpoint, string error) => new() { Path = mountpoint, Error = error };
}
