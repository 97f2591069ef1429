namespace EndToEnd.Libvirt;

/// <summary>Ends and sleeps asked for by virsh: the domain's state is QEMU's word, the boot's name the kernel's.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtPowerTests(LibvirtMachine guest)
{
    [Fact]
    public async Task Reboot_by_the_agent_boots_the_guest_again_in_the_same_qemu()
    {
        string boot = await guest.ReadBootAsync();
        string id = await guest.Virsh.DoAsync("domid");

        await guest.BootAgainAsync(async () => await guest.Virsh.DoAsync("reboot", "--mode", "agent"));

        Assert.NotEqual(boot, await guest.ReadBootAsync());
        Assert.Equal(id, await guest.Virsh.DoAsync("domid"));
    }

    [Fact]
    public async Task Suspended_to_memory_it_is_woken_up_and_serves_on()
    {
        string boot = await guest.ReadBootAsync();
        string agent = await guest.ReadAgentPidAsync();

        await guest.Virsh.DoAsync("dompmsuspend", "mem");
        await guest.WakeAsync();

        Assert.Equal(boot, await guest.ReadBootAsync());
        Assert.Equal(agent, await guest.ReadAgentPidAsync());
        Assert.Contains("PM: suspend exit", await guest.Shell.DoAsync("dmesg | grep 'PM: suspend' | tail -1"), StringComparison.Ordinal);
    }

    // One test, because a QEMU in which the guest slept in memory does not switch off when it then sleeps on disk: the
    // domain must have been started anew.
    [Fact]
    public async Task Shut_down_by_the_agent_it_is_off_and_started_anew_it_sleeps_on_its_disk()
    {
        string first = await guest.ReadBootAsync();
        await guest.Virsh.DoAsync("shutdown", "--mode", "agent");
        await guest.Virsh.WaitForAsync("shut off (shutdown)", "domstate", "--reason");
        await guest.StartDomainAsync();
        string second = await guest.ReadBootAsync();
        string agent = await guest.ReadAgentPidAsync();

        await guest.Shell.DoAsync("swapon /dev/disk/by-id/virtio-swap; echo kept in memory > /run/kept");
        await guest.Virsh.DoAsync("dompmsuspend", "disk");
        await guest.Virsh.WaitForAsync("shut off (shutdown)", "domstate", "--reason");
        await guest.ResumeDomainAsync();

        Assert.NotEqual(first, second);
        Assert.Equal(second, await guest.ReadBootAsync());
        Assert.Equal(agent, await guest.ReadAgentPidAsync());
        Assert.Equal("kept in memory\n", await guest.Shell.DoAsync("swapoff -a; cat /run/kept; rm /run/kept"));
    }
}
