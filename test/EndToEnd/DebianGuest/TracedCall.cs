using System.Text.RegularExpressions;

namespace EndToEnd.DebianGuest;

/// <summary>
/// A line of <c>strace -f -y</c>: <c>540   write(9&lt;/run/marker&gt;, "abc", 3) = 3</c>. A call that another thread interrupted
/// has its arguments in the first line, and <c>&lt;... write resumed&gt;</c> in the second.
/// </summary>
internal static partial class TracedCall
{
    /// <summary>Calls that change nothing, on any kind of file.</summary>
    private static readonly HashSet<string> s_harmless = new(StringComparer.Ordinal)
    {
        "access", "close", "dup", "dup2", "dup3", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2", "exit",
        "faccessat", "faccessat2", "fcntl", "fstat", "fstatfs", "getcwd", "getdents64", "lseek", "lstat", "newfstatat", "pipe2",
        "poll", "ppoll", "pread64", "preadv", "read", "readlink", "readlinkat", "readv", "recvfrom", "recvmsg", "rt_sigreturn",
        "select", "signalfd4", "socket", "stat", "statfs", "statx", "wait4", "waitid", "clone", "clone3", "pidfd_open", "munmap",
    };

    /// <summary>Calls that write to the descriptor which is their first argument.</summary>
    private static readonly HashSet<string> s_writing = new(StringComparer.Ordinal) { "write", "writev", "pwrite64", "pwritev" };

    /// <summary>Whether a call may write to a disk. One that is not known is taken for one that does.</summary>
    internal static bool MayWriteToDisk(string line)
    {
        Match call = CallPattern().Match(line);
        if (!call.Success)
        {
            // The second half of a call, or a thread's end: "+++ exited with 0 +++".
            return !OtherPattern().IsMatch(line);
        }

        string name = call.Groups["name"].Value;
        string arguments = call.Groups["arguments"].Value;
        return !s_harmless.Contains(name) && name switch
        {
            "open" or "openat" => WritingFlagsPattern().IsMatch(arguments) && !MemoryPathPattern().IsMatch(arguments),
            "ioctl" => !FreezePattern().IsMatch(arguments),
            "mmap" => arguments.Contains("MAP_SHARED", StringComparison.Ordinal) && arguments.Contains("PROT_WRITE", StringComparison.Ordinal),
            _ => !s_writing.Contains(name) || !OffDiskPattern().IsMatch(arguments),
        };
    }

    [GeneratedRegex(@"^\d+ +(?<name>\w+)\((?<arguments>.*)$")]
    private static partial Regex CallPattern();

    [GeneratedRegex(@"^\d+ +(<\.\.\. \w+ resumed>|\+\+\+ |--- )")]
    private static partial Regex OtherPattern();

    [GeneratedRegex("O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")]
    private static partial Regex WritingFlagsPattern();

    [GeneratedRegex("""^(AT_FDCWD(<[^>]*>)?, )?"(/run|/var/run|/dev|/proc)/""")]
    private static partial Regex MemoryPathPattern();

    [GeneratedRegex(", (FIFREEZE|FITHAW)\\b")]
    private static partial Regex FreezePattern();

    /// <summary>The port, or what exists in memory alone.</summary>
    [GeneratedRegex(@"^\d+<(/dev/vport\w+|anon_inode:\[?\w+\]?|pipe:\[\d+\]|/run/[^>]*)>")]
    private static partial Regex OffDiskPattern();
}
