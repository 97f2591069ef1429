using System.Globalization;
using System.Text.Json;

namespace EndToEnd.VirtualMachine;

/// <summary>
/// The commands that change a machine, in a guest without systemd, udev and logind: busybox's init and the kernel alone. Each test ends
/// with the guest running as it was booted.
/// </summary>
[Trait("Suite", "virtual-machine")]
public sealed class PlainSystemTests(GuestMachine guest) : IClassFixture<GuestMachine>
{
    private const string DriverFolder = "/sys/bus/pnp/drivers/rtc_cmos";

    [Fact]
    public async Task A_reboot_boots_the_guest_once_more()
    {
        string before = await guest.Shell.DoAsync("cat /proc/sys/kernel/random/boot_id");
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);

        JsonElement reset = await guest.AskForSilenceAsync("guest-shutdown", "reboot", () => monitor.WaitForEventAsync("RESET"));
        await guest.WaitForBootAsync();

        Assert.True(reset.GetProperty("guest").GetBoolean());
        Assert.NotEqual(before, await guest.Shell.DoAsync("cat /proc/sys/kernel/random/boot_id"));
    }

    [Fact]
    public async Task A_halt_stops_the_guest_and_leaves_the_machine_on() => Assert.Equal("running", await guest.HaltAsync());

    [Fact]
    public async Task A_powerdown_is_what_happens_when_nothing_else_is_said_and_switches_the_machine_off()
    {
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);

        JsonElement shutdown = await guest.AskForSilenceAsync("guest-shutdown", null, () => monitor.WaitForEventAsync("SHUTDOWN"));
        int status = await guest.WaitForPowerOffAsync();
        await guest.StartAsync();

        Assert.True(shutdown.GetProperty("guest").GetBoolean());
        Assert.Equal(0, status);
    }

    [Fact]
    public async Task Asleep_in_memory_it_says_nothing_and_after_the_wake_up_it_answers()
    {
        int before = await guest.Shell.ReadAgentPidAsync();
        await using AgentConversation host = await guest.ConnectAsync();
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);

        await host.SendAsync("{\"execute\":\"guest-suspend-ram\"}\n");
        await monitor.WaitForEventAsync("SUSPEND");
        JsonElement asleep = await monitor.AskAsync("query-status");
        await monitor.AskAsync("system_wakeup");
        await monitor.WaitForEventAsync("WAKEUP");
        string first = await host.AskLineAsync("{\"execute\":\"guest-sync\",\"arguments\":{\"id\":4711}}");

        Assert.Equal("suspended", asleep.GetProperty("status").GetString());
        Assert.Equal("{\"return\": 4711}", first);
        Assert.Equal(before, await guest.Shell.ReadAgentPidAsync());
    }

    [Theory]
    [InlineData("guest-suspend-hybrid", "the requested suspend mode is not supported by the guest")]
    [InlineData("guest-suspend-disk", "suspend: cannot write to '/sys/power/state': No such device")]
    public async Task A_sleep_that_cannot_be_is_refused_and_says_why(string command, string reason)
    {
        // To make the image smaller, only to find that there is no place for it, would take the kernel a minute.
        await guest.Shell.DoAsync("echo 4000000000 > /sys/power/image_size");
        await using AgentConversation host = await guest.ConnectAsync();

        string reply = await host.AskLineAsync($"{{\"execute\":\"{command}\"}}");

        Assert.Equal($"{{\"error\": {{\"class\": \"GenericError\", \"desc\": \"{reason}\"}}}}", reply);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_machine_clock_the_guest_s_clock_is_set_and_the_log_says_so(bool hasHwclock)
    {
        DateTimeOffset wanted = DateTimeOffset.UtcNow.AddDays(500);
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);
        await guest.Shell.DoAsync("syslogd -O /run/messages");
        await guest.Shell.DoAsync($"cd {DriverFolder} && for device in *:*; do echo $device > unbind; done");
        if (!hasHwclock)
        {
            await guest.Shell.DoAsync("mv /sbin/hwclock /sbin/hwclock.away");
        }

        string clocks = await guest.Shell.DoAsync("ls /sys/class/rtc");
        string reply;
        await using (AgentConversation host = await guest.ConnectAsync())
        {
            reply = await host.AskLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{{\"execute\":\"guest-set-time\",\"arguments\":{{\"time\":{wanted.ToUnixTimeMilliseconds() * 1_000_000}}}}}"));
        }

        long set = long.Parse(await guest.Shell.DoAsync("date +%s"), CultureInfo.InvariantCulture);
        string log = await guest.Shell.DoAsync("cat /run/messages");
        await monitor.AskAsync("system_reset");
        await guest.WaitForBootAsync();

        Assert.Equal("", clocks);
        Assert.Equal("{\"return\": {}}", reply);
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds(set), wanted.AddSeconds(-2), wanted.AddHours(1));
        Assert.Contains("the clock is set; there is no hardware clock to set along with it", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_processor_that_was_plugged_in_is_off_and_is_switched_on()
    {
        // In a machine just started: in one that ran long QEMU may give up when a processor is added.
        await guest.RestartAsync();
        using (MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest))
        {
            JsonElement free = (await monitor.AskAsync("query-hotpluggable-cpus")).EnumerateArray()
                .First(slot => !slot.TryGetProperty("qom-path", out _));
            Dictionary<string, object> processor = free.GetProperty("props").EnumerateObject().ToDictionary(place => place.Name, place => (object)place.Value);
            processor["driver"] = free.GetProperty("type").GetString()!;
            processor["id"] = "plugged";
            await monitor.AskAsync("device_add", processor);
        }

        // What runs stays where it is: without hardware virtualization a program can get stuck on a processor that came later.
        await guest.Shell.DoAsync("until [ -e /sys/devices/system/cpu/cpu2/online ]; do sleep 0.2; done; for p in /proc/[0-9]*; do taskset -p 3 ${p#/proc/} >/dev/null 2>&1; done; true");
        string before = await guest.Shell.DoAsync("cat /sys/devices/system/cpu/online");
        JsonElement listed, done;
        await using (AgentConversation host = await guest.ConnectAsync())
        {
            listed = await host.AskAsync("guest-get-vcpus");
            done = await host.AskAsync("guest-set-vcpus", new
            {
                vcpus = new[] { new Dictionary<string, object> { ["logical-id"] = 2, ["online"] = true } },
            });
        }

        string after = await guest.Shell.DoAsync("cat /sys/devices/system/cpu/online");
        using (MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest))
        {
            await monitor.AskAsync("quit");
        }

        await guest.WaitForPowerOffAsync();
        await guest.StartAsync();

        Assert.Equal("0-1\n", before);
        Assert.False(listed.EnumerateArray().Single(one => one.GetProperty("logical-id").GetInt32() == 2).GetProperty("online").GetBoolean());
        Assert.Equal(1, done.GetInt32());
        Assert.Equal("0-2\n", after);
    }
}
