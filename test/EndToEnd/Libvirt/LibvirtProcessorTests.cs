namespace EndToEnd.Libvirt;

/// <summary>The guest's processors, switched by virsh, seen in the guest's own /sys.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtProcessorTests(LibvirtMachine guest)
{
    [Fact]
    public async Task Guestvcpus_switches_one_off_and_on()
    {
        Dictionary<string, string> all = ValueList.Parse(await guest.Virsh.DoAsync("guestvcpus"));

        await guest.Virsh.DoAsync("guestvcpus", "--cpulist", "1", "--disable");
        string without = await ReadOnlineAsync();
        Dictionary<string, string> fewer = ValueList.Parse(await guest.Virsh.DoAsync("guestvcpus"));
        await guest.Virsh.DoAsync("guestvcpus", "--cpulist", "1", "--enable");

        Assert.Equal(new() { ["vcpus"] = "0-1", ["online"] = "0-1", ["offlinable"] = "1" }, all);
        Assert.Equal("0\n", without);
        Assert.Equal(new() { ["vcpus"] = "0-1", ["online"] = "0", ["offlinable"] = "1" }, fewer);
        Assert.Equal("0-1\n", await ReadOnlineAsync());
    }

    [Fact]
    public async Task Setvcpus_in_the_guest_leaves_as_many_as_it_says_and_vcpucount_counts_them()
    {
        string before = await guest.Virsh.DoAsync("vcpucount", "--guest");

        await guest.Virsh.DoAsync("setvcpus", "1", "--guest");
        string one = await ReadOnlineAsync();
        string counted = await guest.Virsh.DoAsync("vcpucount", "--guest");
        await guest.Virsh.DoAsync("setvcpus", "2", "--guest");

        Assert.Equal("2", before);
        Assert.Equal("0\n", one);
        Assert.Equal("1", counted);
        Assert.Equal("0-1\n", await ReadOnlineAsync());
        Assert.Equal("2", await guest.Virsh.DoAsync("vcpucount", "--guest"));
    }

    private async Task<string> ReadOnlineAsync() => await guest.Shell.DoAsync("cat /sys/devices/system/cpu/online");
}
