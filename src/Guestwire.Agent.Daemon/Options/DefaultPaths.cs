namespace Guestwire.Agent.Daemon.Options;

/// <summary>Where things are when nobody says otherwise: the places where distributions keep those of <c>qemu-ga</c>.</summary>
internal static class DefaultPaths
{
    /// <summary>The configuration file; it need not exist.</summary>
    public const string Configuration = "/etc/qemu/qemu-ga.conf";

    /// <summary>The program called around a freeze when <c>-F</c> names none.</summary>
    public const string FsfreezeHook = "/etc/qemu/fsfreeze-hook";

    /// <summary>The pid file of a daemon.</summary>
    public const string PidFile = "/var/run/qemu-ga.pid";

    /// <summary>The directory of the state file.</summary>
    public const string StateDirectory = "/var/run";

    /// <summary>The port that hypervisors give their guests for the agent.</summary>
    public const string VirtioSerial = "/dev/virtio-ports/org.qemu.guest_agent.0";

    /// <summary>The first serial line.</summary>
    public const string IsaSerial = "/dev/ttyS0";
}
