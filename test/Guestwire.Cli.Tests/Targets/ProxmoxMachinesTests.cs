using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Tests.Targets;

public sealed class ProxmoxMachinesTests
{
    [Fact]
    public async Task Machines_are_told_by_their_names_and_whether_they_run()
    {
        using TemporaryFolder folder = new();
        folder.Write("run/100.qga", "");
        folder.Write("run/100.pid", "1");
        folder.Write("run/101.pid", "2");
        folder.Write("run/other.qga", "");
        folder.Write("etc/100.conf", "agent: 1\nname: web1\n[snapshot]\nname: before\n");
        folder.Write("etc/101.conf", "name: db1\n");
        folder.Write("etc/9.conf", "memory: 512\n[old]\nname: not-this\n");
        ProxmoxMachines machines = new(folder.File("run"), folder.File("etc"));
        Assert.Equal(
            [("pve:9", "shut off"), ("web1", "running"), ("db1", "running without agent")],
            (await machines.ListAsync(default)).Select(machine => (machine.Name, machine.State)));
        Assert.Equal(new UnixTransport(folder.File("run/100.qga")), (await machines.ListAsync(default))[1].Transport);
    }

    [Fact]
    public async Task A_machine_without_a_configuration_that_can_be_read_is_told_by_its_number()
    {
        using TemporaryFolder folder = new();
        folder.Write("run/100.qga", "");
        Assert.Equal("pve:100", Assert.Single(await new ProxmoxMachines(folder.File("run"), folder.File("etc")).ListAsync(default)).Name);
    }

    [Fact]
    public async Task A_host_without_proxmox_has_no_machines()
    {
        using TemporaryFolder folder = new();
        Assert.Empty(await new ProxmoxMachines(folder.File("run"), folder.File("etc")).ListAsync(default));
    }
}
