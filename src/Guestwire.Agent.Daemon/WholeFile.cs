using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Daemon;

/// <summary>Reads small files at once, those of /proc included, which do not know their length.</summary>
[SupportedOSPlatform("linux")]
internal static class WholeFile
{
    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes; empty unless it was read.</param>
    /// <param name="reason">The system's word for what went wrong; empty when nothing did.</param>
    public static WholeFileStatus TryRead(string path, out byte[] content, out string reason)
    {
        content = [];
        reason = "";
        using SafeFileHandle file = Libc.Open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (file.IsInvalid)
        {
            int errno = Errno.Last;
            reason = Errno.Text(errno);
            return errno == Errno.ENOENT ? WholeFileStatus.Missing : WholeFileStatus.Unreadable;
        }

        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            int count = Libc.Read(file, buffer.AsSpan(length));
            if (count < 0)
            {
                int errno = Errno.Last;
                reason = errno == Errno.EISDIR ? "Not a regular file" : Errno.Text(errno);
                return WholeFileStatus.Unreadable;
            }

            if (count == 0)
            {
                content = buffer[..length];
                return WholeFileStatus.Read;
            }

            length += count;
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }
}
