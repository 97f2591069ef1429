using System.Text;
using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>Our package in a Debian guest: what a host asks, and what is seen of it through the guest's serial line.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class DebianGuestTests(DebianMachine guest)
{
    [Fact]
    public async Task The_service_runs_our_program_as_soon_as_the_package_is_installed()
    {
        string pid = await guest.ReadServiceAsync("MainPID");

        Assert.Equal("active", await guest.ReadServiceAsync("ActiveState"));
        Assert.Equal("/usr/sbin/guestwire-agent\n", await guest.Shell.DoAsync($"readlink /proc/{pid}/exe"));
        Assert.Equal("", await guest.Shell.DoAsync("systemctl --failed --quiet --no-legend"));
    }

    [Fact]
    public async Task A_host_syncs_and_hears_what_the_agent_is()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement info = await host.AskAsync("guest-info");

        Assert.Equal(guest.Version, info.GetProperty("version").GetString());
    }

    [Fact]
    public async Task It_tells_the_system_as_the_system_tells_itself()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement system = await host.AskAsync("guest-get-osinfo");

        Assert.Equal("debian", system.GetProperty("id").GetString());
        Assert.Equal(
            await guest.Shell.DoAsync(". /etc/os-release; echo $PRETTY_NAME"), system.GetProperty("pretty-name").GetString() + "\n");
        Assert.Equal(await guest.Shell.DoAsync("uname -r"), system.GetProperty("kernel-release").GetString() + "\n");
    }

    [Fact]
    public async Task The_serial_numbers_of_disks_come_from_udev()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement disks = await host.AskAsync("guest-get-disks");

        JsonElement root = Assert.Single(disks.EnumerateArray(), disk => disk.GetProperty("name").ValueEquals("/dev/nvme0n1"));
        string known = await guest.Shell.DoAsync("udevadm info --query=property --property=ID_SERIAL --value /dev/nvme0n1");
        Assert.Equal(known.Trim(), root.GetProperty("address").GetProperty("serial").GetString());
    }

    [Fact]
    public async Task A_program_runs_as_root_and_outside_the_service_sees_it()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement status = await host.ExecuteAsync("cat > /run/proof; id -u; echo $PLACE >&2; exit 7", "PLACE=here", "left behind");

        Assert.Equal(7, status.GetProperty("exitcode").GetInt32());
        Assert.Equal("0\n", Encoding.UTF8.GetString(status.GetProperty("out-data").GetBytesFromBase64()));
        Assert.Equal("here\n", Encoding.UTF8.GetString(status.GetProperty("err-data").GetBytesFromBase64()));
        Assert.Equal("left behind", await guest.Shell.DoAsync("cat /run/proof; rm /run/proof"));
    }

    [Fact]
    public async Task A_file_makes_the_round_trip()
    {
        byte[] content = new byte[700_000];
        new Random(11).NextBytes(content);
        await using AgentConversation host = await guest.ConnectAsync();

        long handle = (await host.AskAsync("guest-file-open", new { path = "/root/trip", mode = "w+" })).GetInt64();
        await host.AskAsync(
            "guest-file-write", new Dictionary<string, object> { ["handle"] = handle, ["buf-b64"] = Convert.ToBase64String(content) });
        await host.AskAsync("guest-file-flush", new { handle });
        string sum = await guest.Shell.DoAsync("sha256sum < /root/trip | cut -d ' ' -f 1");
        await host.AskAsync("guest-file-seek", new { handle, offset = 0, whence = 0 });
        JsonElement read = await host.AskAsync("guest-file-read", new { handle, count = content.Length });
        await host.AskAsync("guest-file-close", new { handle });
        await guest.Shell.DoAsync("rm /root/trip");

        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), sum.Trim());
        Assert.Equal(content, read.GetProperty("buf-b64").GetBytesFromBase64());
    }

    [Fact]
    public async Task The_service_ends_with_its_port_and_comes_with_it()
    {
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);
        await monitor.AskAsync("device_del", new { id = "agent-port" });
        await monitor.WaitForEventAsync("DEVICE_DELETED");
        await guest.Shell.DoAsync($"until ! systemctl is-active --quiet {DebianMachine.Service}; do sleep 0.2; done");

        await monitor.AskAsync("device_add", new Dictionary<string, object>
        {
            ["driver"] = "virtserialport",
            ["bus"] = "ports.0",
            ["nr"] = 1,
            ["chardev"] = "agent",
            ["id"] = "agent-port",
            ["name"] = "org.qemu.guest_agent.0",
        });
        await guest.WaitForAgentAsync();

        Assert.Equal("active", await guest.ReadServiceAsync("ActiveState"));
    }

    [Fact]
    public async Task A_killed_agent_is_back_at_once()
    {
        string before = await guest.ReadServiceAsync("MainPID");

        await guest.Shell.DoAsync($"kill -9 {before}");
        await guest.WaitForAgentAsync();

        Assert.NotEqual(before, await guest.ReadServiceAsync("MainPID"));
    }

    [Fact]
    public async Task What_cloud_images_do_to_have_an_agent_succeeds()
    {
        await guest.Shell.DoAsync("systemctl enable --now qemu-guest-agent 2>&1");

        Assert.Equal("active", await guest.ReadServiceAsync("ActiveState"));
        Assert.Equal("active\n", await guest.Shell.DoAsync("systemctl is-active guestwire-agent"));
    }
}
