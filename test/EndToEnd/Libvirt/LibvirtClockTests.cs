using System.Globalization;

namespace EndToEnd.Libvirt;

/// <summary>virsh domtime: the guest's clock and its hardware clock, read on the serial line.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtClockTests(LibvirtMachine guest)
{
    [Fact]
    public async Task Domtime_reads_the_guest_s_clock()
    {
        // Far from the host's, so that it cannot be that one.
        await guest.Shell.DoAsync("date -s '2031-02-03 04:05:06' >&2");
        long before = await ReadClockAsync();

        string told = await guest.Virsh.DoAsync("domtime");

        long after = await ReadClockAsync();
        await guest.Virsh.DoAsync("domtime", "--now");
        Assert.StartsWith("Time: ", told, StringComparison.Ordinal);
        Assert.InRange(long.Parse(told["Time: ".Length..], CultureInfo.InvariantCulture), before, after);
    }

    [Fact]
    public async Task Domtime_sets_the_guest_s_clock_and_its_hardware_clock()
    {
        const long Wanted = 1_900_000_000;
        long started = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        await guest.Virsh.DoAsync("domtime", "--time", Wanted.ToString(CultureInfo.InvariantCulture));

        long clock = await ReadClockAsync();
        long hardware = await ReadHardwareClockAsync();
        long passed = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - started;
        await guest.Virsh.DoAsync("domtime", "--now");
        Assert.InRange(clock, Wanted, Wanted + passed + 2);
        Assert.InRange(hardware, Wanted - 1, Wanted + passed + 2);
    }

    [Fact]
    public async Task Domtime_now_is_the_host_s_time()
    {
        await guest.Shell.DoAsync("date -s '2031-02-03 04:05:06' >&2; hwclock --systohc --utc");
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        await guest.Virsh.DoAsync("domtime", "--now");

        long clock = await ReadClockAsync();
        long hardware = await ReadHardwareClockAsync();
        long after = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.InRange(clock, before - 1, after + 1);
        Assert.InRange(hardware, before - 2, after + 1);
    }

    [Fact]
    public async Task Domtime_sync_takes_the_hardware_clock_s_time()
    {
        await guest.Shell.DoAsync("hwclock --set --utc --date '2029-01-01 00:00:00'; date -s '2031-02-03 04:05:06' >&2");
        long before = await ReadHardwareClockAsync();

        await guest.Virsh.DoAsync("domtime", "--sync");

        long clock = await ReadClockAsync();
        long after = await ReadHardwareClockAsync();
        await guest.Virsh.DoAsync("domtime", "--now");
        Assert.InRange(before, 1_861_920_000 - 1, long.MaxValue);
        Assert.InRange(clock, before - 1, after + 1);
    }

    private async Task<long> ReadClockAsync() => long.Parse(await guest.Shell.DoAsync("date +%s"), CultureInfo.InvariantCulture);

    private async Task<long> ReadHardwareClockAsync() =>
        long.Parse(await guest.Shell.DoAsync("cat /sys/class/rtc/rtc0/since_epoch"), CultureInfo.InvariantCulture);
}
