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
            The group [general] has keys named as the long options, but "daemon" for --daemonize. What stands there is
            overruled by the command line. Groups of this agent's own say what hosts may do ([policy], [exec NAME]) and how
            freezes end ([freeze]); with one of them in the file, a misspelt key or a value that makes no sense is an error.
            --dump-conf prints what results.
            """);
        page.Example(
            """
            [general]
            block-rpcs=guest-exec,guest-exec-status
            verbose=true
            """);
        WriteFreezeKeys(page);
        WritePrivileges(page);
    }

    private static void WriteFreezeKeys(RoffWriter page)
    {
        page.Subsection("Group [freeze]");
        page.Prose("Times are whole seconds, at most a day; 0 is no limit.");
        page.Term("freeze-timeout=300");
        page.Prose("for a whole freeze, hooks included. One that is not done by then fails, and everything is thawed");
        page.Term("filesystem-timeout=120");
        page.Prose(
            """
            for each filesystem. The kernel cannot be made to stop: the filesystem that took too long is thawed the moment its
            freeze comes back, and until then no other freeze begins
            """);
        page.Term("auto-thaw=0");
        page.Prose(
            """
            so long after a freeze the agent thaws by itself. The host's guest-fsfreeze-thaw then returns 0: that is how it
            learns that its snapshot is not consistent
            """);
        page.Term("auto-thaw-idle=0");
        page.Prose("the same, counted from the last request of any host");
        page.Term("exclude=");
        page.Prose(
            """
            what is never frozen, also when a host names it: mountpoints, which are absolute paths, and types of filesystems,
            with commas between. Any mountpoint of a filesystem stands for all of it. --freeze-plan shows what comes of it
            """);
        page.Term("include=");
        page.Prose("what alone is frozen, in the same words; empty for all. What is excluded stays out");
        page.Term("hook-directory=/etc/qemu/fsfreeze-hook.d");
        page.Prose("the folder of hooks");
        page.Term("hook-timeout=120");
        page.Prose("for each call of a hook");
    }

    private static void WritePrivileges(RoffWriter page)
    {
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
