using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Daemon.Logging;

/// <summary>syslog(3): facility user, the program's name in front of each line.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Syslog : ISystemLog
{
    /// <summary>Makes the name known; the connection is opened by the first line.</summary>
    /// <param name="programName">The process's own zeroth argument; directories are cut off.</param>
    public Syslog(string programName)
    {
        // libc keeps the pointer for as long as the process lives, so the copy is never freed.
        string ident = programName[(programName.LastIndexOf('/') + 1)..];
        Libc.OpenLog(Marshal.StringToCoTaskMemUTF8(ident), 0, Libc.LOG_USER);
    }

    /// <inheritdoc/>
    public void Write(string text) => Libc.Syslog(Libc.LOG_INFO, "%s", text);
}
