namespace Guestwire.Agent.Daemon.Options;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    private const string Question = """{"execute": "guest-file-open", "arguments": {"path": "/etc/shadow"}}""";

    /// <summary>The usage.</summary>
    /// <param name="programName">The process's own zeroth argument.</param>
    public static string Write(string programName) =>
        $"""
        Usage: {programName} [options]

        Guestwire {Versions.Own}, a guest agent that speaks the protocol of QEMU Guest Agent {Versions.Protocol}:
        it lets the machine that hosts this guest ask for facts, move files, run programs
        and hold filesystems still, over a channel that needs no network.

        Channel
          -m, --method=METHOD        virtio-serial (default), isa-serial, unix-listen or vsock-listen
          -p, --path=PATH            the device, the socket's path, or CID:PORT for vsock-listen
                                     (default: {DefaultPaths.VirtioSerial}
                                     or {DefaultPaths.IsaSerial}; the others need a path)
          -r, --retry-path           when the channel cannot be opened or fails, try again every 5 seconds

        What hosts may do
          -b, --block-rpcs=LIST      refuse these commands: names with commas between, no blanks
          -a, --allow-rpcs=LIST      refuse all commands but these; "-b help" lists the names
          -F, --fsfreeze-hook[=FILE] call FILE before a freeze and after a thaw; attach it: -F/path/to/hook
                                     (without FILE: {DefaultPaths.FsfreezeHook})

        Process
          -c, --config=FILE          read this configuration (default: $QGA_CONF, else
                                     {DefaultPaths.Configuration}); the command line wins over it
          -d, --daemonize            go to the background once the channel is open
          -f, --pidfile=FILE         pid file of a daemon (default: {DefaultPaths.PidFile})
          -t, --statedir=DIRECTORY   where state is kept, absolute (default: {DefaultPaths.StateDirectory})
          -l, --logfile=FILE         append the log to FILE instead of stderr
          -v, --verbose              log everything, not only what is broken

          --freeze-plan              print what a freeze would freeze now, in which order, and what it
                                     would leave out, and exit; changes nothing
          --policy-test=REQUEST      say what the configuration makes of a request and by which rule, and exit:
                                     0 when it is allowed, 1 when denied, 2 when it is none
          --unit-drop-in             print what systemd may take from an agent with this configuration, as a drop-in
                                     for its unit, and exit
          -D, --dump-conf            print all of this as a configuration file, and exit
          -V, --version              print the protocol's version, and exit
          -h, --help                 print this, and exit

        Example: serve on a unix socket, but run no programs
          {programName} -m unix-listen -p /run/agent.sock -b guest-exec,guest-exec-status
        Example: may a host read this file?
          {programName} --policy-test '{Question}'

        """;
}
