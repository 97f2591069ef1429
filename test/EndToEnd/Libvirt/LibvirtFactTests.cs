using System.Globalization;
using EndToEnd.DebianGuest;

namespace EndToEnd.Libvirt;

/// <summary>What virsh tells of the guest, beside what the guest says of itself on its serial line.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtFactTests(LibvirtMachine guest)
{
    [Fact]
    public async Task Domifaddr_lists_the_guest_s_own_addresses_behind_libvirt_s_own_hardware_address()
    {
        string[] addresses = (await guest.Shell.DoAsync("hostname -I")).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        string[] network = (await guest.Virsh.DoAsync("domiflist")).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

        string[] lines = (await guest.Virsh.DoAsync("domifaddr", "--source", "agent", "--full")).Split('\n');

        string[] found = [.. lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields[0] == "eth0").Select(fields => $"{fields[1]} {fields[3]}")];
        Assert.Equal([.. addresses.Select(address => $"{network[^1]} {address}/{(address.Contains(':', StringComparison.Ordinal) ? 64 : 24)}")], found);
        Assert.Contains(lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["lo", "00:00:00:00:00:00", "ipv4", "127.0.0.1/8"]);
    }

    [Fact]
    public async Task Domfsinfo_finds_libvirt_s_own_disk_behind_each_file_system()
    {
        string mounted = await guest.Shell.DoAsync("findmnt --noheadings --raw --types ext4 --output TARGET,SOURCE,FSTYPE");

        string[] lines = (await guest.Virsh.DoAsync("domfsinfo")).Split('\n')[2..];

        // The image behind a serial number is libvirt's word, the disk that has it the guest's.
        Dictionary<string, string> target = new() { ["/"] = "vda", ["/data"] = "vdm", ["/mnt"] = "vdp" };
        Assert.Equal(
            mounted.TrimEnd().Split('\n').Select(line => line.Split(' '))
                .Select(fields => $"{fields[0]} {fields[1]["/dev/".Length..]} {fields[2]} {target[fields[0]]}").Order(StringComparer.Ordinal),
            lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Guestinfo_tells_the_system()
    {
        Dictionary<string, string> told = ValueList.Parse(await guest.Virsh.DoAsync("guestinfo", "--os"));

        string own = await guest.Shell.DoAsync(
            ". /etc/os-release; printf '%s\\n' \"$ID\" \"$NAME\" \"$PRETTY_NAME\" \"$VERSION\" \"$VERSION_ID\" \"$(uname -m)\" \"$(uname -r)\" \"$(uname -v)\"");
        string[] names = ["os.id", "os.name", "os.pretty-name", "os.version", "os.version-id", "os.machine", "os.kernel-release", "os.kernel-version"];
        Assert.Equal(own.TrimEnd().Split('\n'), names.Select(name => told[name]));
        Assert.Equal(names.Length, told.Count);
    }

    [Fact]
    public async Task Guestinfo_tells_the_time_zone()
    {
        await guest.Shell.DoAsync("ln -sf /usr/share/zoneinfo/Asia/Kolkata /etc/localtime");

        string told = await guest.Virsh.DoAsync("guestinfo", "--timezone");

        string offset = (await guest.Shell.DoAsync("date +%Z,%z; ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime")).Trim();
        Assert.Equal("IST,+0530", offset);
        Assert.Equal(new() { ["timezone.name"] = "IST", ["timezone.offset"] = "19800" }, ValueList.Parse(told));
    }

    [Fact]
    public async Task Guestinfo_and_domhostname_tell_the_name_of_this_minute()
    {
        string before = (await guest.Shell.DoAsync("hostname")).Trim();
        await guest.Shell.DoAsync("hostname renamed-meanwhile");

        string told = await guest.Virsh.DoAsync("guestinfo", "--hostname");
        string name = await guest.Virsh.DoAsync("domhostname", "--source", "agent");

        await guest.Shell.DoAsync($"hostname {before}");
        Assert.Equal("renamed-meanwhile", ValueList.Parse(told)["hostname"]);
        Assert.Equal("renamed-meanwhile", name);
        Assert.Equal(before, await guest.Virsh.DoAsync("domhostname", "--source", "agent"));
    }

    [Fact]
    public async Task Guestinfo_tells_who_is_logged_in_since_when()
    {
        await guest.LogInAsync("tester");

        Dictionary<string, string> told = ValueList.Parse(await guest.Virsh.DoAsync("guestinfo", "--user"));

        string since = await guest.Shell.DoAsync("date -d \"$(who | sed -n 's/.* hvc0 *\\([-0-9]* [:0-9]*\\).*/\\1/p')\" +%s");
        await guest.LogOutAsync("tester");
        Assert.Equal("1", told["user.count"]);
        Assert.Equal("tester", told["user.0.name"]);

        // libvirt tells milliseconds, who minutes.
        long toldSince = long.Parse(told["user.0.login-time"], CultureInfo.InvariantCulture);
        Assert.Equal(long.Parse(since, CultureInfo.InvariantCulture), toldSince / 60_000 * 60);
        Assert.Equal("0", ValueList.Parse(await guest.Virsh.DoAsync("guestinfo", "--user"))["user.count"]);
    }

    [Fact]
    public async Task Guestinfo_tells_each_file_system_with_its_size_and_disk()
    {
        Dictionary<string, string> told = ValueList.Parse(await guest.Virsh.DoAsync("guestinfo", "--filesystem"));

        // Used and free is what statfs says; df's own column leaves out the blocks for root.
        string[] size = (await guest.Shell.DoAsync("stat --file-system --format '%S %b %f %a' /data")).Trim().Split(' ');
        long[] numbers = [.. size.Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        string data = Assert.Single(told, one => one.Value == "/data").Key[..^".mountpoint".Length];
        Assert.Equal("3", told["fs.count"]);
        Assert.Equal("ext4", told[$"{data}.fstype"]);
        Assert.Equal($"{(numbers[1] - numbers[2]) * numbers[0]}", told[$"{data}.used-bytes"]);
        Assert.Equal($"{(numbers[1] - numbers[2] + numbers[3]) * numbers[0]}", told[$"{data}.total-bytes"]);
        Assert.Equal("1", told[$"{data}.disk.count"]);
        Assert.Equal("vdm", told[$"{data}.disk.0.alias"]);
        Assert.Equal("data", told[$"{data}.disk.0.serial"]);
        Assert.Equal(await guest.Shell.DoAsync("readlink -f /dev/disk/by-id/virtio-data"), told[$"{data}.disk.0.device"] + "\n");
    }

    [Fact]
    public async Task Guestinfo_tells_each_disk_by_the_names_that_guest_and_libvirt_have_for_it()
    {
        Dictionary<string, string> told = ValueList.Parse(await guest.Virsh.DoAsync("guestinfo", "--disk"));

        Dictionary<string, string> alias = new() { ["root"] = "vda", ["data"] = "vdm", ["packages"] = "vdp", ["swap"] = "vds" };
        string own = await guest.Shell.DoAsync("for d in /sys/block/vd*; do echo \"/dev/${d##*/} $(cat $d/serial)\"; done");
        Assert.Equal(
            own.TrimEnd().Split('\n').Select(line => $"{line} {alias[line.Split(' ')[1]]} no").Order(StringComparer.Ordinal),
            Enumerable.Range(0, int.Parse(told["disk.count"], CultureInfo.InvariantCulture))
                .Select(i => $"{told[$"disk.{i}.name"]} {told[$"disk.{i}.serial"]} {told[$"disk.{i}.alias"]} {told[$"disk.{i}.partition"]}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Guestinfo_tells_each_network_interface()
    {
        Dictionary<string, string> told = ValueList.Parse(await guest.Virsh.DoAsync("guestinfo", "--interface"));

        string own = (await guest.Shell.DoAsync("cat /sys/class/net/eth0/address; hostname -I")).Trim();
        string eth0 = Assert.Single(told, one => one.Value == "eth0").Key[..^".name".Length];
        Assert.Equal("2", told["if.count"]);
        Assert.Equal(own, $"{told[$"{eth0}.hwaddr"]}\n{told[$"{eth0}.addr.0.addr"]} {told[$"{eth0}.addr.1.addr"]}");
        Assert.Equal("2", told[$"{eth0}.addr.count"]);
        Assert.Equal("ipv4 24", $"{told[$"{eth0}.addr.0.type"]} {told[$"{eth0}.addr.0.prefix"]}");
        Assert.Equal("ipv6 64", $"{told[$"{eth0}.addr.1.type"]} {told[$"{eth0}.addr.1.prefix"]}");
    }

    [Fact]
    public async Task Libvirt_sees_the_agent_on_its_channel_and_hears_it_go_and_come()
    {
        Assert.Contains(
            "<target type='virtio' name='org.qemu.guest_agent.0' state='connected'/>", await guest.Virsh.DoAsync("dumpxml"), StringComparison.Ordinal);
        string before = await guest.ReadAgentPidAsync();

        await using LibvirtEvents events = await LibvirtEvents.ListenAsync(guest.Virsh);
        await guest.Shell.DoAsync($"systemctl stop {DebianMachine.Service}");
        await events.WaitForAsync("state: 'disconnected' reason: 'channel event'");
        Assert.Contains(
            "<target type='virtio' name='org.qemu.guest_agent.0' state='disconnected'/>", await guest.Virsh.DoAsync("dumpxml"), StringComparison.Ordinal);
        Assert.Equal(
            "error: Guest agent is not responding: QEMU guest agent is not connected",
            (await guest.Virsh.AskAsync("domtime")).Errors);
        await guest.Shell.DoAsync($"systemctl start {DebianMachine.Service}");
        await events.WaitForAsync("state: 'connected' reason: 'channel event'");
        await guest.WaitUntilAgentAnswersAsync();

        Assert.NotEqual(before, await guest.ReadAgentPidAsync());
    }
}
