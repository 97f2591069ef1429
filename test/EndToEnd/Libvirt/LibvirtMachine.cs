using EndToEnd.DebianGuest;
using EndToEnd.Sandbox;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Libvirt;

/// <summary>
/// The Debian guest with our package as a domain of a libvirtd of its own, run by eng/libvirt-run. Beside the root disk it has
/// an ext4 file system at /data, whose image on the host is sparse, and swap space that is not in use.
/// </summary>
public sealed class LibvirtMachine : PackagedMachine
{
    /// <summary>What the tests share: one domain, one test at a time.</summary>
    internal const string Collection = "libvirt";

    private const string ConsoleSettings = "/run/systemd/system/serial-getty@hvc0.service.d";

    /// <summary>The image behind /data, which libvirt knows as vdm.</summary>
    internal string DataImage => PathOf("data.img");

    /// <summary>libvirt's command line.</summary>
    internal Virsh Virsh => new(PathOf("run/libvirt/libvirt-sock"));

    /// <summary>Where its libvirtd listens, for libvirt's own library.</summary>
    internal string Uri => $"qemu:///system?socket={PathOf("run/libvirt/libvirt-sock")}";

    /// <summary>The guest as the host's command is told of it.</summary>
    internal string Target => $"libvirt:{Uri}/guestwire";

    // It is up within half a minute on an idle machine; libvirt takes some seconds once, to look at QEMU.
    private protected override TimeSpan BootPatience { get; } = TimeSpan.FromMinutes(6);

    private protected override string RunScript => "libvirt-run";

    // The whole suite, on a busy machine.
    private protected override IReadOnlyList<string> RunArguments { get; } = ["3000"];

    // libvirt has to see it open the port first.
    internal override async Task WaitUntilAgentAnswersAsync() =>
        await Virsh.WaitForAsync("{\"return\":{}}", "qemu-agent-command", "{\"execute\":\"guest-ping\"}");

    internal override async Task ThawAsync()
    {
        VirshAnswer answer = await Virsh.AskAsync("domfsthaw");
        if (answer.Status != 0)
        {
            await ThawWithoutAgentAsync();
            Assert.Fail($"virsh domfsthaw: {answer.Errors}");
        }
    }

    /// <summary>The kernel's name for its boot: another one after each.</summary>
    internal async Task<string> ReadBootAsync() => await Shell.DoAsync("cat /proc/sys/kernel/random/boot_id");

    /// <summary>The agent's number in the guest.</summary>
    internal Task<string> ReadAgentPidAsync() => ReadServiceAsync("MainPID");

    /// <summary>Has somebody log in on the console.</summary>
    internal async Task LogInAsync(string user) => await Shell.DoAsync(
        $"mkdir -p {ConsoleSettings}; printf '[Service]\\nExecStart=\\nExecStart=-/sbin/agetty --autologin {user} hvc0 vt220\\n' > {ConsoleSettings}/login.conf; "
            + $"systemctl daemon-reload; systemctl restart serial-getty@hvc0; until who | grep -q {user}; do sleep 0.2; done",
        Patience * 4);

    /// <summary>Has them leave.</summary>
    internal async Task LogOutAsync(string user) => await Shell.DoAsync(
        $"rm -r {ConsoleSettings}; systemctl daemon-reload; systemctl restart serial-getty@hvc0; until ! who | grep -q {user}; do sleep 0.2; done", Patience * 4);

    /// <summary>Does what makes the guest boot again, and waits until it has.</summary>
    internal async Task BootAgainAsync(Func<Task> restart)
    {
        ForgetConsole();
        await restart();
        await WaitUntilUpAsync();
        await WaitUntilAgentAnswersAsync();
    }

    /// <summary>Waits until the guest sleeps in its memory, wakes it, and waits until its agent answers.</summary>
    internal async Task WakeAsync()
    {
        await Virsh.WaitForAsync("pmsuspended", "domstate");
        await Virsh.DoAsync("dompmwakeup");
        await Virsh.WaitForAsync("running", "domstate");
        await WaitUntilAgentAnswersAsync();

        // The firmware leaves the chipset's power registers as the sleep has reset them (PMBASE and ACPI_EN, at 0x40 and 0x44 of the ICH9's bridge). The kernel
        // would go to sleep once more, but QEMU would not hear of it, and the kernel find itself awake at once.
        await Shell.DoAsync("printf '\\001\\006\\000\\000\\200' | dd of=/sys/bus/pci/devices/0000:00:1f.0/config bs=1 seek=64 conv=notrunc status=none");
    }

    /// <summary>Starts the domain that was switched off, in a QEMU that has no past.</summary>
    internal async Task StartDomainAsync() => await BootAgainAsync(async () =>
    {
        await Virsh.DoAsync("start");
        await ReconnectShellAsync();
    });

    /// <summary>Starts the domain that sleeps on its disk.</summary>
    internal async Task ResumeDomainAsync()
    {
        await Virsh.DoAsync("start");
        await ReconnectShellAsync();
        await WaitUntilAgentAnswersAsync();
    }

    private protected override async Task PrepareAsync(string path)
    {
        using TemporaryFolder packages = new();
        await CommandLine.RunAsync(
            EngineScript("libvirt-image"), path, await AgentPackage.BuildAsync(AgentPackage.Version, packages.Path));
    }

    private protected override async Task WaitUntilReadyAsync()
    {
        await Shell.DoAsync(
            "mkdir /data; printf '/dev/disk/by-id/virtio-%s %s ext4 defaults 0 0\\n' data /data packages /mnt >> /etc/fstab");
        await Shell.DoAsync(
            "printf '[Match]\\nName=eth0\\n[Network]\\nLinkLocalAddressing=no\\nAddress=192.0.2.15/24\\nAddress=2001:db8::15/64\\n' > /etc/systemd/network/eth0.network");

        // udev may still be at work when the shell is there.
        await Shell.DoAsync("until [ -e /dev/disk/by-id/virtio-data ] && [ -e /dev/disk/by-id/virtio-packages ]; do sleep 0.2; done; mount /data && mount /mnt");
        await Shell.DoAsync("systemctl enable --now systemd-networkd 2>&1; until hostname -I | grep -q 2001:db8::15; do sleep 0.2; done", DebianMachine.AptPatience);
        await Shell.DoAsync("apt-get -qq update && useradd --create-home --shell /bin/sh tester", DebianMachine.AptPatience);
        await Shell.AptAsync("install guestwire-agent");
        await WaitUntilAgentAnswersAsync();
    }
}
