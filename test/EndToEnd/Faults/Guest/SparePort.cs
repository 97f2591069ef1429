using EndToEnd.DebianGuest;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Faults.Guest;

/// <summary>A virtio-serial device with one port, plugged into the running guest for one test, taken out and put back as the test likes.</summary>
internal sealed class SparePort : IAsyncDisposable
{
    /// <summary>The host's end, in the machine's folder.</summary>
    internal const string Socket = "spare.sock";

    /// <summary>The guest's end.</summary>
    internal const string Path = "/dev/virtio-ports/" + Name;

    private const string Name = "org.guestwire.spare";
    private const string Device = "spare-device";
    private const string Port = "spare-port";
    private const string Backend = "spare";

    private readonly DebianMachine guest;
    private readonly MachineMonitor monitor;
    private bool hasDevice;

    private SparePort(DebianMachine guest, MachineMonitor monitor) => (this.guest, this.monitor) = (guest, monitor);

    /// <summary>Plugs it in, and waits until the guest has it.</summary>
    internal static async Task<SparePort> PlugAsync(DebianMachine guest)
    {
        SparePort port = new(guest, await MachineMonitor.ConnectAsync(guest));
        await port.monitor.AskAsync("chardev-add", new
        {
            id = Backend,
            backend = new { type = "socket", data = new { addr = new { type = "unix", data = new { path = Socket } }, server = true, wait = false } },
        });
        await port.PutBackAsync();
        return port;
    }

    /// <summary>Takes the port out, or the device with it, and waits until the guest has lost it.</summary>
    internal async Task TakeOutAsync(bool withDevice)
    {
        string device = withDevice ? Device : Port;
        await monitor.AskAsync("device_del", new { id = device });
        while (!(await monitor.WaitForEventAsync("DEVICE_DELETED")).TryGetProperty("device", out var gone) || !gone.ValueEquals(device))
        {
        }

        hasDevice = !withDevice;
        await guest.Shell.DoAsync($"while [ -e {Path} ]; do sleep 0.05; done");
    }

    /// <summary>Puts back what was taken out, and waits until the guest has it.</summary>
    internal async Task PutBackAsync()
    {
        if (!hasDevice)
        {
            await monitor.AskAsync("device_add", new { driver = "virtio-serial-pci", id = Device });
            hasDevice = true;
        }

        await monitor.AskAsync("device_add", new { driver = "virtserialport", id = Port, bus = Device + ".0", chardev = Backend, name = Name });
        await guest.Shell.DoAsync($"until [ -e {Path} ]; do sleep 0.05; done");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (hasDevice)
        {
            await TakeOutAsync(withDevice: true);
        }

        await monitor.AskAsync("chardev-remove", new { id = Backend });
        monitor.Dispose();
    }
}
