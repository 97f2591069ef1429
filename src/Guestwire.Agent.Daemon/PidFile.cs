using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Daemon;

/// <summary>
/// The file that says which process is the agent: its pid and a newline, locked for as long as the agent lives, so that two
/// agents cannot share it. Disposing removes it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class PidFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _path;

    private PidFile(SafeFileHandle file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <summary>Creates, locks and writes the file.</summary>
    /// <param name="path">Where; a file of a dead agent is taken over.</param>
    /// <param name="processId">What to write.</param>
    /// <param name="reason">What went wrong.</param>
    /// <returns>Null when the file cannot be made or belongs to a living agent.</returns>
    public static PidFile? TryCreate(string path, int processId, out string? reason)
    {
        while (true)
        {
            SafeFileHandle file = Libc.Open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_CLOEXEC, Libc.OwnerOnly);
            if (file.IsInvalid)
            {
                reason = $"Could not create '{path}': {Errno.Text(Errno.Last)}";
                return null;
            }

            if (!TryLock(file, out reason))
            {
                file.Dispose();
                return null;
            }

            // The agent before us may have removed the file between our open and our lock: then we hold a file that nobody
            // else will ever see, and must begin anew.
            if (!IsAt(path, file))
            {
                file.Dispose();
                continue;
            }

            byte[] content = Encoding.UTF8.GetBytes(processId.ToString(CultureInfo.InvariantCulture) + "\n");
            if (Libc.FTruncate(file, 0) < 0 || !WholeWrite.TryWrite(file, content))
            {
                reason = $"Failed to write pid file: {Errno.Text(Errno.Last)}";
                file.Dispose();
                return null;
            }

            return new PidFile(file, path);
        }
    }

    /// <summary>Removes the file, then gives up the lock: in this order nobody can lock a file about to vanish unnoticed.</summary>
    public void Dispose()
    {
        _ = Libc.Unlink(_path);
        _file.Dispose();
    }

    /// <summary>
    /// Locks the open file rather than the process: the reference's kind of lock is lost as soon as the process closes any
    /// descriptor of the file, which a host could bring about by reading it. The two kinds exclude each other.
    /// </summary>
    private static bool TryLock(SafeFileHandle file, out string? reason)
    {
        bool locked = Libc.FcntlLock(file, Libc.F_OFD_SETLK, new Libc.Flock { Type = Libc.F_WRLCK }) == 0;
        reason = locked ? null : $"Cannot lock pid file: {Errno.Text(Errno.Last)}";
        return locked;
    }

    private static bool IsAt(string path, SafeFileHandle file) =>
        Libc.Stat(Libc.AT_FDCWD, path, 0, Libc.STATX_INO, out Libc.StatX named) == 0
        && Libc.StatOpen(file, "", Libc.AT_EMPTY_PATH, Libc.STATX_INO, out Libc.StatX open) == 0
        && named.Inode == open.Inode
        && named.FilesystemMajor == open.FilesystemMajor
        && named.FilesystemMinor == open.FilesystemMinor;
}
