using EndToEnd.Host;

namespace EndToEnd.DebianGuest;

/// <summary>Debian's qemu-ga on the agent's port in place of ours, for as long as this lives. It is unpacked into memory, not installed.</summary>
internal sealed class ReferenceService : IAsyncDisposable
{
    private const string Folder = "/run/reference";
    private const string Unit = "reference-agent";
    private readonly DebianMachine guest;

    private ReferenceService(DebianMachine guest) => this.guest = guest;

    /// <summary>Has the agent of that name on the port: ours is there already.</summary>
    internal static async Task<IAsyncDisposable> PutAsync(DebianMachine guest, string name) => name == HostedAgent.Ours ? new Nothing() : await StartAsync(guest);

    /// <summary>Stops our service and starts the other program.</summary>
    internal static async Task<ReferenceService> StartAsync(DebianMachine guest)
    {
        await guest.Shell.DoAsync(
            $"for package in /mnt/lib*.deb /mnt/qemu-guest-agent_*.deb; do dpkg-deb --extract $package {Folder} || break; done && mkdir {Folder}/state");
        await guest.Shell.DoAsync($"systemctl stop {DebianMachine.Service}");
        await guest.Shell.DoAsync(
            $"systemd-run --quiet --unit={Unit} --setenv=LD_LIBRARY_PATH=$(echo {Folder}/usr/lib/*-linux-gnu)"
                + $" {Folder}/usr/sbin/qemu-ga --method=virtio-serial --path=/dev/virtio-ports/org.qemu.guest_agent.0 --statedir={Folder}/state 2>&1");
        await guest.WaitForAgentAsync();
        return new ReferenceService(guest);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // It does not end while it holds something frozen.
        await guest.ThawAsync();
        await guest.Shell.DoAsync($"systemctl stop {Unit}; rm -r {Folder}; systemctl start {DebianMachine.Service}");
        await guest.WaitForAgentAsync();
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
