using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Protocol;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>The error number of the last call into libc, and its text in the C locale. Source: errno(3), strerror(3).</summary>
[SupportedOSPlatform("linux")]
internal static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int ENXIO = 6;
    internal const int ENOEXEC = 8;
    internal const int EBADF = 9;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int EXDEV = 18;
    internal const int ENODEV = 19;
    internal const int ENOTDIR = 20;
    internal const int EISDIR = 21;
    internal const int EINVAL = 22;
    internal const int ENFILE = 23;
    internal const int EMFILE = 24;
    internal const int ENOTTY = 25;
    internal const int ERANGE = 34;
    internal const int ENOTEMPTY = 39;
    internal const int ELOOP = 40;
    internal const int EOPNOTSUPP = 95;

    /// <summary>The error number that the last call with <c>SetLastError</c> left.</summary>
    internal static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The message for an error number, e.g. <c>No such file or directory</c>.</summary>
    internal static string Text(int errno) => Libc.StrError(errno);

    /// <summary>What the host must hear of the failure that just happened.</summary>
    /// <param name="tried">What was tried and on what, e.g. <c>failed to open file</c>; the message follows after a colon.</param>
    internal static QapiException ToQapi(string tried) => ToQapi(tried, Last);

    /// <summary>What the host must hear of a failure.</summary>
    internal static QapiException ToQapi(string tried, int errno) => new($"{tried}: {Text(errno)}");
}
