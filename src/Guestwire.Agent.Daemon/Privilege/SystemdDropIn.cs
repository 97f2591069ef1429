using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Daemon.Options;
using Guestwire.Agent.Privilege;

namespace Guestwire.Agent.Daemon.Privilege;

/// <summary>
/// <c>--unit-drop-in</c>: the part of a unit that lets systemd take away what a configuration leaves unused. Source: systemd.exec(5),
/// systemd.resource-control(5).
/// </summary>
/// <remarks>
/// None of its lines gives the service a namespace of its own. With one for mounts (ProtectSystem=, PrivateTmp=, ...) the agent would tell hosts of
/// mounts that only it has, and hold filesystems that the guest wants to unmount; with one for the host name or the network it would tell
/// hosts the wrong ones.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static class SystemdDropIn
{
    private const string Beginning = """
        # Made by guestwire-agent --unit-drop-in. Make it anew when the agent's configuration or options change.
        [Service]

        """;

    private const string NothingTakenAway = """
        # Hosts, or the hook of a freeze, run programs of their own choice: nothing can be taken away.

        """;

    // What no command needs, nor a program that one runs.
    private const string ForEveryAgent = """
        IPAddressDeny=any
        LockPersonality=yes
        MemoryDenyWriteExecute=yes
        RestrictNamespaces=yes
        RestrictRealtime=yes
        SystemCallArchitectures=native
        SystemCallErrorNumber=EPERM

        """;

    /// <summary>The drop-in for a configuration on this machine.</summary>
    internal static string Write(AgentOptions options)
    {
        Privileges privileges = NeededPrivileges.OfStart(options);
        StringBuilder text = new(Beginning);
        if (!privileges.NoNewPrivileges)
        {
            return text.Append(NothingTakenAway).ToString();
        }

        if (privileges.Kept == Capabilities.All)
        {
            text.Append("# Hosts may open any file: no capability and no device can be taken away.\n");
        }
        else
        {
            text.Append("CapabilityBoundingSet=").Append(CapabilityNames.Of(privileges.Kept)).Append('\n');
            AppendDevices(text, options, privileges);
        }

        text.Append("NoNewPrivileges=yes\n").Append(ForEveryAgent);

        // Sockets: the system's log and D-Bus; the kernel's lists of interfaces; their hardware addresses.
        text.Append("RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET");
        text.Append(options.Method == ChannelMethodNames.VsockListen ? " AF_VSOCK\n" : "\n");
        text.Append("SystemCallFilter=@system-service");
        return text.Append(privileges.Kept.HasFlag(Capabilities.SysTime) ? " @clock\n" : "\n").ToString();
    }

    private static void AppendDevices(StringBuilder text, AgentOptions options, Privileges privileges)
    {
        text.Append("DevicePolicy=closed\n");
        if (options.Method == ChannelMethodNames.VirtioSerial)
        {
            text.Append("DeviceAllow=char-virtio-portsdev rw\n");
        }
        else if (options.Method == ChannelMethodNames.IsaSerial)
        {
            text.Append("DeviceAllow=").Append(options.Path ?? DefaultPaths.IsaSerial).Append(" rw\n");
        }

        if (privileges.Kept.HasFlag(Capabilities.SysTime))
        {
            text.Append("DeviceAllow=char-rtc r\n");
        }

        if (NeededPrivileges.HasNvme)
        {
            text.Append("DeviceAllow=block-blkext r\n");
        }
    }
}
