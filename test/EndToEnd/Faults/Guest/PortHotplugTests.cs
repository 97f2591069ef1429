using EndToEnd.DebianGuest;
using EndToEnd.Play;
using EndToEnd.VirtualMachine;
using Xunit.Abstractions;

namespace EndToEnd.Faults.Guest;

/// <summary>The agent's port, or the whole device, is taken from the running machine and given back.</summary>
[Trait("Suite", "guest-faults")]
[Collection(DebianMachine.Collection)]
public sealed class PortHotplugTests(DebianMachine guest, ITestOutputHelper output)
{
    private const int Rounds = 20;

    // What a host had begun to say when the port went.
    private static readonly byte[] s_halfRequest = "{\"execute\":\"guest-sync\",\"arguments\":{\"id\":47"u8.ToArray();

    [Fact]
    public async Task With_retry_path_it_outlives_its_port_however_often_it_goes_and_costs_nothing_meanwhile()
    {
        await using SparePort port = await SparePort.PlugAsync(guest);
        await using StartedAgent agent = await StartedAgent.StartAsync(guest.Shell, $"--method=virtio-serial --path={SparePort.Path} --retry-path");
        await guest.WaitForAgentAsync(SparePort.Socket);
        string descriptors = await agent.ListDescriptorsAsync();
        for (int round = 0; round < Rounds; round++)
        {
            bool withDevice = round % 2 == 1;
            bool hostStays = round % 4 < 2;
            LineConnection host = await guest.ConnectRawAsync(SparePort.Socket);
            using (CancellationTokenSource deadline = new(BootedMachine.Patience))
            {
                await new AgentConversation(host).SyncAsync(round, BootedMachine.Patience);
                await host.SendAsync(s_halfRequest, deadline.Token);
            }

            if (!hostStays)
            {
                host.Dispose();
                await guest.Shell.WaitUntilRestsAsync(agent.Pid);
            }

            await port.TakeOutAsync(withDevice);
            host.Dispose();
            await agent.WaitUntilPortIsClosedAsync();
            if (round < 4)
            {
                long used = await agent.MeasureProcessorTimeAsync();
                output.WriteLine($"{used * 10} ms of processor time in three seconds without a port");
                Assert.InRange(used, 0, 2);
            }

            await port.PutBackAsync();

            Assert.Equal("{\"return\": 4711}\n", await guest.AskFirstAsync(SparePort.Socket));
        }

        Assert.Equal(descriptors, await agent.ListDescriptorsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_it_the_agent_ends_and_says_why(bool hostIsThere)
    {
        await using SparePort port = await SparePort.PlugAsync(guest);
        await using StartedAgent agent = await StartedAgent.StartAsync(guest.Shell, $"--method=virtio-serial --path={SparePort.Path}");
        await guest.WaitForAgentAsync(SparePort.Socket);
        using LineConnection host = await guest.ConnectRawAsync(SparePort.Socket);
        await new AgentConversation(host).SyncAsync(1, BootedMachine.Patience);
        if (!hostIsThere)
        {
            host.Dispose();
            await guest.Shell.WaitUntilRestsAsync(agent.Pid);
        }

        await port.TakeOutAsync(withDevice: false);

        await agent.WaitForEndAsync();
        Assert.Contains($"error reading channel '{SparePort.Path}': No such device", await agent.ReadLogAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_goes_with_its_port_and_comes_with_it()
    {
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);
        for (int round = 0; round < 3; round++)
        {
            string before = await guest.ReadServiceAsync("MainPID");
            await monitor.AskAsync("device_del", new { id = "agent-port" });
            await monitor.WaitForEventAsync("DEVICE_DELETED");
            string state;
            try
            {
                await guest.Shell.DoAsync($"while [ -e /proc/{before} ] || systemctl --quiet is-active {DebianMachine.Service}; do sleep 0.2; done");
                state = await guest.ReadServiceAsync("MainPID");
            }
            finally
            {
                await monitor.AskAsync("device_add", new
                {
                    driver = "virtserialport",
                    id = "agent-port",
                    bus = "ports.0",
                    nr = 1,
                    chardev = "agent",
                    name = "org.qemu.guest_agent.0",
                });
            }

            await guest.WaitForAgentAsync();
            Assert.Equal("0", state);
            Assert.NotEqual(before, await guest.ReadServiceAsync("MainPID"));
            Assert.Equal("active", await guest.ReadServiceAsync("ActiveState"));
        }
    }
}
