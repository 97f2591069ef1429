using System.Text.Json;
using EndToEnd.Host;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>Stop, halt, restart and sleep where systemd does them, seen by QEMU. Each test ends with the guest running.</summary>
[Trait("Suite", "debian-guest")]
public sealed class PowerTests(SleepingMachine guest) : IClassFixture<SleepingMachine>
{
    /// <summary>Both agents.</summary>
    public static TheoryData<string> Agents => HostedAgent.Both;

    private string Target => $"unix:{guest.PathOf("agent.sock")}";

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_reboot_boots_the_guest_once_more_and_the_host_s_command_waits_for_its_agent(string name)
    {
        // Nobody has to take it back: after the boot ours has the port.
        _ = await ReferenceService.PutAsync(guest, name);
        string before = await ReadBootIdAsync();
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);

        RunningCommand reboot = HostCommand.Start("reboot", "--wait", Target);
        JsonElement reset = await monitor.WaitForEventAsync("RESET", SleepingMachine.SleepPatience);
        HostAnswer answer = await HostCommand.EndAsync(reboot);
        await guest.WaitForBootAsync();

        Assert.True(reset.GetProperty("guest").GetBoolean());
        Assert.Equal((0, "it has rebooted\n", ""), (answer.Status, answer.Text, answer.Errors));
        Assert.NotEqual(before, await ReadBootIdAsync());
    }

    [Fact]
    public async Task A_halt_stops_the_guest_and_leaves_the_machine_on() => Assert.Equal("running", await guest.HaltAsync());

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_powerdown_switches_the_machine_off_and_the_host_s_command_says_so_when_it_is(string name)
    {
        // Nobody has to take it back: it is gone with this run of the machine.
        _ = await ReferenceService.PutAsync(guest, name);
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);

        RunningCommand command = HostCommand.Start("shutdown", "--wait", Target);
        JsonElement shutdown = await monitor.WaitForEventAsync("SHUTDOWN", SleepingMachine.SleepPatience);
        HostAnswer answer = await HostCommand.EndAsync(command);
        int status = await guest.WaitForPowerOffAsync();
        await guest.StartAsync();

        Assert.True(shutdown.GetProperty("guest").GetBoolean());
        Assert.Equal("guest-shutdown", shutdown.GetProperty("reason").GetString());
        Assert.Equal((0, "it is gone\n", 0), (answer.Status, answer.Text, status));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task The_host_s_command_has_the_guest_sleep(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        string before = await ReadIdentityAsync();

        await guest.SleepAndWakeAsync(async () => Assert.Equal(0, (await HostCommand.RunAsync("suspend", "--mode", "ram", Target)).Status));

        Assert.Equal(0, (await HostCommand.RunAsync("ping", Target)).Status);
        Assert.Equal(before, await ReadIdentityAsync());
    }

    [Fact]
    public async Task Asleep_in_memory_it_says_nothing_and_after_the_wake_up_it_answers()
    {
        string before = await ReadIdentityAsync();

        (bool isOnDisk, string first) = await guest.SleepAndWakeAsync("guest-suspend-ram");

        Assert.False(isOnDisk);
        Assert.Equal("{\"return\": 4711}", first);
        Assert.Equal(before, await ReadIdentityAsync());
    }

    [Fact]
    public async Task Asleep_in_memory_and_on_disk_it_says_nothing_and_after_the_wake_up_it_answers()
    {
        string before = await ReadIdentityAsync();
        await guest.AddSwapAsync();

        (bool isOnDisk, string first) = await guest.SleepAndWakeAsync("guest-suspend-hybrid");
        await guest.RemoveSwapAsync();

        Assert.True(isOnDisk);
        Assert.Equal("{\"return\": 4711}", first);
        Assert.Equal(before, await ReadIdentityAsync());
    }

    [Fact]
    public async Task Asleep_on_disk_the_machine_is_off_and_switched_on_again_goes_on_where_it_was()
    {
        await guest.RefreshAsync();
        string before = await ReadIdentityAsync();
        await guest.AddSwapAsync();
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);

        await guest.AskForSilenceAsync("guest-suspend-disk", null, () => monitor.WaitForEventAsync("SUSPEND_DISK", SleepingMachine.SleepPatience));
        int status = await guest.WaitForPowerOffAsync();
        bool isOnDisk = guest.IsMemoryOnDisk();
        await guest.ResumeAsync();
        await guest.RemoveSwapAsync();

        Assert.True(isOnDisk);
        Assert.Equal(0, status);
        Assert.Equal(before, await ReadIdentityAsync());
    }

    [Fact]
    public async Task With_no_more_privileges_than_the_managed_profile_keeps_it_sleeps_and_reboots()
    {
        string before = await ReadBootIdAsync();
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[policy]'", "profile=managed");
        await using UnitDropIn dropIn = await UnitDropIn.InstallAsync(guest);

        (_, string first) = await guest.SleepAndWakeAsync("guest-suspend-ram");
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);
        JsonElement reset = await guest.AskForSilenceAsync("guest-shutdown", "reboot", () => monitor.WaitForEventAsync("RESET", SleepingMachine.SleepPatience));
        await guest.WaitForBootAsync();

        Assert.Equal("{\"return\": 4711}", first);
        Assert.True(reset.GetProperty("guest").GetBoolean());
        Assert.NotEqual(before, await ReadBootIdAsync());
    }

    [Theory]
    [InlineData("guest-suspend-disk", "hibernate")]
    [InlineData("guest-suspend-hybrid", "hybrid-sleep")]
    public async Task Without_a_disk_to_sleep_on_it_says_what_systemd_said_and_stays_awake(string command, string verb)
    {
        string before = await ReadIdentityAsync();
        await using AgentConversation host = await guest.ConnectAsync();

        string reply = await host.AskLineAsync($"{{\"execute\":\"{command}\"}}");

        Assert.Equal(
            $"{{\"error\": {{\"class\": \"GenericError\", \"desc\": \"the helper program 'systemctl {verb}' returned an unexpected exit status code (1)\"}}}}",
            reply);
        Assert.Equal(before, await ReadIdentityAsync());
    }

    private async Task<string> ReadBootIdAsync() => await guest.Shell.DoAsync("cat /proc/sys/kernel/random/boot_id");

    // The same boot and the same process: nothing was started anew.
    private async Task<string> ReadIdentityAsync() => await ReadBootIdAsync() + await guest.ReadServiceAsync("MainPID");
}
