namespace ManualPage;

/// <summary>What the page says besides options and commands.</summary>
internal static class FixedSections
{
    /// <summary>Before the options.</summary>
    internal static void WriteOpening(RoffWriter page)
    {
        page.Section("Name");
        page.Prose("guestwire-agent, qemu-ga - lets the host of a virtual machine look after the guest");
        page.Section("Synopsis");
        page.Prose("@guestwire-agent [options]");
        page.Section("Description");
        page.Prose(
            """
            The agent runs inside a virtual machine and answers the machine that hosts it: it tells facts, moves files,
            runs programs, holds filesystems still for a snapshot, and shuts down, over a virtual serial port that needs
            no network. It speaks the protocol of QEMU's guest agent and takes its options, its configuration file
            and its place: what works with qemu-ga works with this one.
            """);
        page.Paragraph(
            """
            Whoever is at the host's end of the channel has the rights of the agent, which are usually those of root.
            The options -b and -a say which commands are served.
            """);
        page.Paragraph(
            """
            systemd starts the agent as soon as the host offers the port org.qemu.guest_agent.0 and ends it when the port
            goes away. There is nothing to enable.
            """);
    }

    /// <summary>After the options.</summary>
    internal static void WriteUse(RoffWriter page)
    {
        page.Section("Configuration");
        page.Prose(
            """
            The file has one group, [general], and in it keys named as the long options, but "daemon" for --daemonize.
            What stands there is overruled by the command line. --dump-conf prints what results.
            """);
        page.Example(
            """
            [general]
            block-rpcs=guest-exec,guest-exec-status
            verbose=true
            """);
        page.Section("Privileges");
        page.Prose(
            """
            At start the agent gives up the capabilities that no open command needs. When hosts may run programs, or a hook
            is called around a freeze, it gives up nothing: a program has what it has under qemu-ga. systemd can hold
            back the same, and devices and system calls besides, by a drop-in that --unit-drop-in makes for the
            configuration at hand:
            """);
        page.Example(
            """
            mkdir -p /etc/systemd/system/qemu-guest-agent.service.d
            guestwire-agent --unit-drop-in > /etc/systemd/system/qemu-guest-agent.service.d/privilege.conf
            systemctl daemon-reload && systemctl restart qemu-guest-agent
            """);
    }

    /// <summary>After the commands.</summary>
    internal static void WriteClosing(RoffWriter page)
    {
        page.Section("Files");
        page.Term("/etc/qemu/qemu-ga.conf");
        page.Prose("the configuration; it need not be there");
        page.Term("/etc/qemu/fsfreeze-hook");
        page.Prose("called before a freeze and after a thaw when -F says so");
        page.Term("/dev/virtio-ports/org.qemu.guest_agent.0");
        page.Prose("the channel, unless -m and -p name another one");
        page.Section("See also");
        page.Prose("virsh(1), systemctl(1), qemu-system(1)");
    }
}
