using System.Globalization;
using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>
/// The guest's clock and the machine's own, which QEMU shows. The guest has no hwclock while the tests run; in the end both clocks are
/// right again.
/// </summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class ClockTests(DebianMachine guest) : IAsyncLifetime
{
    private const string Hwclock = "/usr/sbin/hwclock";

    // Far from now, so that no slowness can be taken for it.
    private static readonly TimeSpan s_leap = TimeSpan.FromDays(500);

    // What the clock may have gone on since it was set.
    private static readonly TimeSpan s_slowness = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task InitializeAsync() => await guest.Shell.DoAsync($"mv {Hwclock} {Hwclock}.away");

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await guest.Shell.DoAsync(
            $"mv {Hwclock}.away {Hwclock} && date --set=@{now} && {Hwclock} --systohc --utc --noadjfile");
    }

    [Fact]
    public async Task It_tells_the_time_that_the_guest_has()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        long before = long.Parse(await guest.Shell.DoAsync("date +%s%N"), CultureInfo.InvariantCulture);
        long told = (await host.AskAsync("guest-get-time")).GetInt64();
        long after = long.Parse(await guest.Shell.DoAsync("date +%s%N"), CultureInfo.InvariantCulture);

        // It tells microseconds.
        Assert.InRange(told, before - 1000, after);
    }

    [Fact]
    public async Task A_given_time_is_set_in_the_guest_and_in_the_machine()
    {
        DateTimeOffset wanted = DateTimeOffset.UtcNow + s_leap;
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);
        await using AgentConversation host = await guest.ConnectAsync();

        await host.AskAsync("guest-set-time", new { time = wanted.ToUnixTimeMilliseconds() * 1_000_000 });
        JsonElement change = await monitor.WaitForEventAsync("RTC_CHANGE");

        AssertJustAfter(wanted, await ReadGuestClockAsync());
        AssertJustAfter(wanted, await ReadMachineClockAsync(monitor));
        Assert.InRange(
            TimeSpan.FromSeconds(change.GetProperty("offset").GetInt64()), s_leap - s_slowness, s_leap + s_slowness);
    }

    [Fact]
    public async Task Without_a_time_the_guest_s_clock_follows_the_machine_s()
    {
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);
        await using AgentConversation host = await guest.ConnectAsync();
        await guest.Shell.DoAsync("date --set=@1577880000");

        DateTimeOffset machine = await ReadMachineClockAsync(monitor);
        await host.AskAsync("guest-set-time");

        AssertJustAfter(machine, await ReadGuestClockAsync());
        AssertJustAfter(machine, await ReadMachineClockAsync(monitor));
    }

    [Fact]
    public async Task A_machine_clock_that_runs_in_local_time_is_set_and_read_in_local_time()
    {
        DateTimeOffset wanted = DateTimeOffset.UtcNow + s_leap;
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);
        await using AgentConversation host = await guest.ConnectAsync();
        string zone = await guest.Shell.DoAsync("readlink /etc/localtime");
        await guest.Shell.DoAsync("ln -sf /usr/share/zoneinfo/Asia/Tokyo /etc/localtime; printf '0.0 0 0.0\\n0\\nLOCAL\\n' > /etc/adjtime");

        await host.AskAsync("guest-set-time", new { time = wanted.ToUnixTimeMilliseconds() * 1_000_000 });
        DateTimeOffset machine = await ReadMachineClockAsync(monitor);
        await guest.Shell.DoAsync("date --set=@1577880000");
        await host.AskAsync("guest-set-time");
        DateTimeOffset read = await ReadGuestClockAsync();
        await guest.Shell.DoAsync($"ln -sf {zone.Trim()} /etc/localtime; rm /etc/adjtime");

        AssertJustAfter(wanted.AddHours(9), machine);
        AssertJustAfter(wanted, read);
    }

    [Fact]
    public async Task A_time_that_is_none_leaves_both_clocks_alone()
    {
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);
        await using AgentConversation host = await guest.ConnectAsync();
        DateTimeOffset before = await ReadGuestClockAsync();

        string reply = await host.AskLineAsync("{\"execute\":\"guest-set-time\",\"arguments\":{\"time\":4102444800000000000}}");

        Assert.Equal("{\"error\": {\"class\": \"GenericError\", \"desc\": \"Invalid time\"}}", reply);
        AssertJustAfter(before, await ReadGuestClockAsync());
        AssertJustAfter(before, await ReadMachineClockAsync(monitor));
    }

    // A clock of whole seconds may show the one before.
    private static void AssertJustAfter(DateTimeOffset expected, DateTimeOffset clock) =>
        Assert.InRange(clock, expected.AddSeconds(-2), expected + s_slowness);

    private async Task<DateTimeOffset> ReadGuestClockAsync() =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(await guest.Shell.DoAsync("date +%s"), CultureInfo.InvariantCulture));

    /// <summary>The machine's clock as QEMU keeps it: a calendar time as in struct tm, without a zone.</summary>
    private static async Task<DateTimeOffset> ReadMachineClockAsync(MachineMonitor monitor)
    {
        JsonElement time = await monitor.AskAsync("qom-get", new { path = "/machine", property = "rtc-time" });
        int Field(string name) => time.GetProperty("tm_" + name).GetInt32();
        return new DateTimeOffset(Field("year") + 1900, Field("mon") + 1, Field("mday"), Field("hour"), Field("min"), Field("sec"), TimeSpan.Zero);
    }
}
