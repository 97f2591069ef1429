using EndToEnd.Host;

namespace EndToEnd.DebianGuest;

/// <summary>
/// Debian's qemu-ga on the agent's port in place of ours, for as long as this lives, or until the guest boots again. It is unpacked into memory, once a boot,
/// not installed.
/// </summary>
internal sealed class ReferenceService : IAsyncDisposable
{
    /// <summary>What starts it, behind options of systemd-run: the program and where its libraries are.</summary>
    internal const string Program = $"--setenv=LD_LIBRARY_PATH=$(echo {Folder}/usr/lib/*-linux-gnu) {Folder}/usr/sbin/qemu-ga";

    private const string Folder = "/run/reference";
    private const string Unit = "reference-agent";
    private readonly PackagedMachine guest;

    private ReferenceService(PackagedMachine guest) => this.guest = guest;

    /// <summary>Has the agent of that name on the port: ours is there already.</summary>
    internal static async Task<IAsyncDisposable> PutAsync(PackagedMachine guest, string name) => name == HostedAgent.Ours ? new Nothing() : await StartAsync(guest);

    /// <summary>Has the program in the guest, without starting it.</summary>
    internal static Task UnpackAsync(PackagedMachine guest) => guest.Shell.DoAsync(
        $"[ -d {Folder}/state ] || {{ for package in /mnt/lib*.deb /mnt/qemu-guest-agent_*.deb; do dpkg-deb --extract $package {Folder} || break; done && mkdir {Folder}/state; }}");

    /// <summary>Stops our service and starts the other program.</summary>
    internal static async Task<ReferenceService> StartAsync(PackagedMachine guest)
    {
        await UnpackAsync(guest);
        await guest.Shell.DoAsync($"systemctl stop {DebianMachine.Service}");
        await guest.Shell.DoAsync(
            $"systemd-run --quiet --unit={Unit} {Program} --method=virtio-serial --path=/dev/virtio-ports/org.qemu.guest_agent.0 --statedir={Folder}/state 2>&1");
        await guest.WaitUntilAgentAnswersAsync();
        return new ReferenceService(guest);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // It does not end while it holds something frozen.
        await guest.ThawAsync();

        // After another boot it is gone, and ours has the port.
        await guest.Shell.DoAsync($"systemctl stop {Unit}; systemctl start {DebianMachine.Service}");
        await guest.WaitUntilAgentAnswersAsync();
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
