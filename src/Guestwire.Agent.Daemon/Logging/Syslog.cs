using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Daemon.Logging;

/// <summary>syslog(3): facility user, the program's name in front of each line.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Syslog : ISystemLog
{
    /// <summary>Where the system's log listens. Source: syslog(3), paths.h.</summary>
    private const string SocketPath = "/dev/log";

    private static readonly TimeSpan s_lookPause = TimeSpan.FromSeconds(1);

    private bool _isThere;
    private long? _lastLook;

    /// <summary>Makes the name known; the connection is opened by the first line.</summary>
    /// <param name="programName">The process's own zeroth argument; directories are cut off.</param>
    public Syslog(string programName)
    {
        // libc keeps the pointer for as long as the process lives, so the copy is never freed.
        string ident = programName[(programName.LastIndexOf('/') + 1)..];
        Libc.OpenLog(Marshal.StringToCoTaskMemUTF8(ident), 0, Libc.LOG_USER);
    }

    /// <inheritdoc/>
    public void Write(string text)
    {
        if (_isThere || IsThere())
        {
            Libc.Syslog(Libc.LOG_INFO, "info: %s", text);
        }
    }

    // libc would look for it with every line, which on a system without one costs as much as a small request.
    private bool IsThere()
    {
        if (_lastLook is long last && TimeProvider.System.GetElapsedTime(last) < s_lookPause)
        {
            return false;
        }

        _lastLook = TimeProvider.System.GetTimestamp();
        _isThere = Libc.Access(SocketPath, Libc.F_OK) == 0;
        return _isThere;
    }
}
