using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Daemon;

/// <summary>
/// Takes a listening socket from a service manager. The protocol: <c>LISTEN_PID</c> is the pid of the process that is meant,
/// <c>LISTEN_FDS</c> the number of descriptors, the first of which is 3. Source: sd_listen_fds(3).
/// </summary>
[SupportedOSPlatform("linux")]
internal static class SocketActivation
{
    /// <summary>The descriptor that the protocol begins with.</summary>
    public const int FirstDescriptor = 3;

    /// <summary>Looks whether a socket was handed to this process; nobody after us will see that it was.</summary>
    /// <param name="method">How hosts reach the agent through it; null when there is none.</param>
    /// <param name="reason">Why what was handed over cannot be used.</param>
    /// <returns>False when it cannot be used.</returns>
    public static bool TryTake(out ChannelMethod? method, out string? reason)
    {
        method = null;
        reason = null;
        int count = Number("LISTEN_PID") == Environment.ProcessId ? Number("LISTEN_FDS") : 0;
        if (count == 0)
        {
            return true;
        }

        foreach (string name in (ReadOnlySpan<string>)["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"])
        {
            _ = Libc.UnsetEnv(name);
        }

        for (int descriptor = FirstDescriptor; descriptor < FirstDescriptor + count; descriptor++)
        {
            if (!TryKeepFromChildren(descriptor, out reason))
            {
                return false;
            }
        }

        if (count > 1)
        {
            reason = "qemu-ga only supports listening on one socket";
            return false;
        }

        return TryTakeFrom(FirstDescriptor, out method, out reason);
    }

    /// <summary>Looks what kind of socket a descriptor is, and keeps it from children.</summary>
    /// <param name="descriptor">The descriptor; stays open.</param>
    /// <param name="method">How hosts reach the agent through it.</param>
    /// <param name="reason">Why it cannot be used.</param>
    /// <returns>False when it cannot be used.</returns>
    public static bool TryTakeFrom(int descriptor, out ChannelMethod? method, out string? reason)
    {
        method = null;
        if (!TryKeepFromChildren(descriptor, out reason))
        {
            return false;
        }

        using var socket = new SafeFileHandle(descriptor, ownsHandle: false);
        method = Option(socket, Libc.SO_ACCEPTCONN) != 1 ? null : Option(socket, Libc.SO_DOMAIN) switch
        {
            Libc.AF_UNIX => ChannelMethod.UnixListen,
            Libc.AF_VSOCK => ChannelMethod.VsockListen,
            _ => null,
        };
        reason = method is null ? "unsupported listen fd type" : null;
        return method is not null;
    }

    private static bool TryKeepFromChildren(int descriptor, out string? reason)
    {
        using var handed = new SafeFileHandle(descriptor, ownsHandle: false);
        reason = Libc.Fcntl(handed, Libc.F_SETFD, Libc.FD_CLOEXEC) == 0
            ? null
            : $"Socket activation failed: invalid file descriptor fd = {descriptor}: {Errno.Text(Errno.Last)}";
        return reason is null;
    }

    private static int? Option(SafeFileHandle socket, int option)
    {
        uint length = sizeof(int);
        return Libc.GetSocketOption(socket, Libc.SOL_SOCKET, option, out int value, ref length) == 0 ? value : null;
    }

    private static int Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;
}
