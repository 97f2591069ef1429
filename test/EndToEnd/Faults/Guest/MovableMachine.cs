using System.Globalization;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Faults.Guest;

/// <summary>
/// A guest of busybox with one filesystem that can be frozen, and Debian's agent beside ours. It can move to another QEMU, and go back in time in the one it is in.
/// </summary>
public sealed class MovableMachine : BootedMachine
{
    /// <summary>What the tests share: one guest, one test at a time.</summary>
    internal const string Collection = "Movable guest";

    /// <summary>Where the filesystem is mounted that can be frozen.</summary>
    internal const string Data = "/data";

    private const string DiskImage = "data.qcow2";

    // QEMU runs in the machine's folder.
    private const string SavedState = "state";

    private bool isArriving;

    // It answers within ten seconds on an idle machine.
    private protected override TimeSpan BootPatience { get; } = TimeSpan.FromMinutes(3);

    // The whole suite, on a busy machine. The disk is one that can keep a machine's state beside its content.
    private protected override IReadOnlyList<string> RunArguments =>
    [
        "2400",
        "-drive", $"if=none,id=data,file={DiskImage},format=qcow2,cache=unsafe", "-device", "virtio-blk-pci,drive=data",
        .. isArriving ? (string[])["-incoming", "defer"] : [],
    ];

    private protected override async Task PrepareAsync(string path)
    {
        await CommandLine.RunAsync(EngineScript("guest-image"), AgentBinary.Ours.Path, path, AgentBinary.Reference.Path);
        string raw = Path.Combine(path, "data.raw");
        await CommandLine.RunAsync("mke2fs", "-q", "-t", "ext4", raw, "64M");
        await CommandLine.RunAsync("qemu-img", "convert", "-O", "qcow2", raw, Path.Combine(path, DiskImage));
    }

    private protected override async Task WaitUntilReadyAsync()
    {
        await Shell.DoAsync($"mkdir -p {Data} && mount -t ext4 /dev/vda {Data}");
        await Shell.DoAsync("mount -t debugfs debugfs /sys/kernel/debug");
        await WaitForAgentAsync(patience: BootPatience);
    }

    /// <summary>Moves the guest to another QEMU, with nobody at its ports when it arrives; whoever was there is cut off.</summary>
    /// <param name="stopped">Done while it stands still.</param>
    internal async Task MoveAsync(Func<Task>? stopped = null)
    {
        await LeaveAsync(stopped);
        await ArriveAsync();
    }

    /// <summary>The first half of a move: the guest's state is in a file and its QEMU has ended. The next one runs, and waits for the state.</summary>
    internal async Task LeaveAsync(Func<Task>? stopped = null)
    {
        using (MachineMonitor monitor = await MachineMonitor.ConnectAsync(this))
        {
            await monitor.AskAsync("stop");
            await (stopped?.Invoke() ?? Task.CompletedTask);
            await MigrateAsync(monitor, "migrate", $"exec:cat > {SavedState}");
            await monitor.AskAsync("quit");
        }

        await WaitForPowerOffAsync();
        isArriving = true;
        await SwitchOnAsync();
    }

    /// <summary>The second half: the guest goes on.</summary>
    internal async Task ArriveAsync()
    {
        using (MachineMonitor monitor = await MachineMonitor.ConnectAsync(this))
        {
            await MigrateAsync(monitor, "migrate-incoming", $"exec:cat {SavedState}");
            await monitor.AskAsync("cont");
        }

        isArriving = false;
        await ReconnectShellAsync();
    }

    /// <summary>Puts Debian's agent on the port in place of ours, until the machine starts anew.</summary>
    internal async Task PutReferenceAsync()
    {
        // Whoever would start ours again stands still.
        int ours = await Shell.ReadAgentPidAsync();
        await Shell.DoAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"kill -STOP $(sed -n 's/^PPid:.//p' /proc/{ours}/status); kill {ours}; until grep -q '^State:.Z' /proc/{ours}/status; do sleep 0.05; done"));
        await Shell.DoAsync($"mkdir /run/reference; /usr/sbin/{Path.GetFileName(AgentBinary.Reference.Path)} -m virtio-serial -t /run/reference > /dev/null 2>&1 & true");
        await WaitForAgentAsync();
    }

    /// <summary>Keeps the guest as it is now, disk and all.</summary>
    internal Task KeepAsync() => CommandAsync("savevm moment");

    /// <summary>Goes back to what was kept, in the same QEMU: nobody at the ports is cut off.</summary>
    internal Task GoBackAsync() => CommandAsync("loadvm moment");

    /// <summary>Waits until the guest's kernel knows whether somebody is at the agent's port on the host's side.</summary>
    internal Task WaitForPortAsync(bool hostIsThere) => Shell.DoAsync(
        $"until grep -q 'host_connected: {(hostIsThere ? 1 : 0)}' $(grep -l org.qemu.guest_agent.0 /sys/kernel/debug/virtio-ports/*); do sleep 0.02; done");

    private static async Task MigrateAsync(MachineMonitor monitor, string command, string uri)
    {
        await monitor.AskAsync("migrate-set-capabilities", new { capabilities = new[] { new { capability = "events", state = true } } });
        await monitor.AskAsync(command, new { uri });
        string? status;
        do
        {
            status = (await monitor.WaitForEventAsync("MIGRATION")).GetProperty("status").GetString();
            Assert.NotEqual("failed", status);
        }
        while (status != "completed");
    }

    /// <summary>A command of the monitor for people, which says something only when it fails.</summary>
    private async Task CommandAsync(string command)
    {
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(this);
        Assert.Equal("", (await monitor.AskAsync("human-monitor-command", new Dictionary<string, object> { ["command-line"] = command })).GetString());
    }
}
