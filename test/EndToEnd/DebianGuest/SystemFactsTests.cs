using System.Globalization;
using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>What the agent tells of the system, against what the guest's own tools and files say.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class SystemFactsTests(DebianMachine guest)
{
    [Fact]
    public async Task The_host_name_is_the_one_of_now()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement first = await host.AskAsync("guest-get-host-name");
        string was = await guest.Shell.DoAsync("hostname; hostname renamed.example");
        JsonElement renamed = await host.AskAsync("guest-get-host-name");
        await guest.Shell.DoAsync($"hostname {was.Trim()}");

        Assert.Equal(was, first.GetProperty("host-name").GetString() + "\n");
        Assert.Equal("renamed.example", renamed.GetProperty("host-name").GetString());
    }

    [Fact]
    public async Task The_time_zone_is_the_one_of_now()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement first = await host.AskAsync("guest-get-timezone");
        string was = await guest.Shell.DoAsync("date '+%Z %:z'; readlink /etc/localtime; ln -sf /usr/share/zoneinfo/Asia/Kathmandu /etc/localtime");
        JsonElement moved = await host.AskAsync("guest-get-timezone");
        string now = await guest.Shell.DoAsync($"date '+%Z %:z'; ln -sf {was.Split('\n')[1]} /etc/localtime");

        Assert.Equal(was.Split('\n')[0], Describe(first));
        Assert.Equal("+0545 +05:45", Describe(moved));
        Assert.Equal(now.Trim(), Describe(moved));

        static string Describe(JsonElement zone) =>
            zone.GetProperty("zone").GetString() + TimeSpan.FromSeconds(zone.GetProperty("offset").GetInt32()).ToString("' +'hh':'mm", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_kernel_is_what_uname_says()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement system = await host.AskAsync("guest-get-osinfo");

        Assert.Equal(
            await guest.Shell.DoAsync("uname -r; uname -v; uname -m; . /etc/os-release; echo \"$NAME\"; echo \"$VERSION\"; echo \"$VERSION_ID\""),
            string.Concat(((string[])["kernel-release", "kernel-version", "machine", "name", "version", "version-id"])
                .Select(member => system.GetProperty(member).GetString() + "\n")));
    }

    [Fact]
    public async Task The_load_is_what_proc_says()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        // It changes every five seconds; between two equal looks it did not.
        string before, after;
        JsonElement load;
        do
        {
            before = await guest.Shell.DoAsync("cut -d ' ' -f 1-3 /proc/loadavg");
            load = await host.AskAsync("guest-get-load");
            after = await guest.Shell.DoAsync("cut -d ' ' -f 1-3 /proc/loadavg");
        }
        while (before != after);

        double[] expected = [.. before.Split(' ').Select(one => double.Parse(one, CultureInfo.InvariantCulture))];
        Assert.Equal(expected[0], load.GetProperty("load1m").GetDouble(), tolerance: 0.011);
        Assert.Equal(expected[1], load.GetProperty("load5m").GetDouble(), tolerance: 0.011);
        Assert.Equal(expected[2], load.GetProperty("load15m").GetDouble(), tolerance: 0.011);
    }

    [Fact]
    public async Task The_processors_times_are_what_proc_says()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        long[][] before = await ReadProcessorsAsync();
        JsonElement told = await host.AskAsync("guest-get-cpustats");
        long[][] after = await ReadProcessorsAsync();

        JsonElement[] processors = [.. told.EnumerateArray()];
        Assert.Equal(2, processors.Length);
        for (int i = 0; i < processors.Length; i++)
        {
            Assert.Equal(before[i][0], processors[i].GetProperty("cpu").GetInt64());

            // Hundredths of a second there, thousandths here.
            Assert.InRange(processors[i].GetProperty("user").GetInt64(), 10 * before[i][1], 10 * after[i][1]);
            Assert.InRange(processors[i].GetProperty("nice").GetInt64(), 10 * before[i][2], 10 * after[i][2]);
            Assert.InRange(processors[i].GetProperty("system").GetInt64(), 10 * before[i][3], 10 * after[i][3]);
        }
    }

    [Fact]
    public async Task The_disks_counters_are_what_proc_says()
    {
        await using AgentConversation host = await guest.ConnectAsync();
        await guest.Shell.DoAsync("dd if=/dev/disk/by-id/virtio-xfs of=/dev/null bs=1M count=4 iflag=direct 2>/dev/null");

        string[][] before = await ReadDisksAsync();
        JsonElement told = await host.AskAsync("guest-get-diskstats");
        string[][] after = await ReadDisksAsync();

        JsonElement[] disks = [.. told.EnumerateArray()];
        Assert.Equal(before.Select(disk => disk[2]), disks.Select(disk => disk.GetProperty("name").GetString()));
        for (int i = 0; i < disks.Length; i++)
        {
            JsonElement counters = disks[i].GetProperty("stats");
            Assert.Equal((before[i][0], before[i][1]), (disks[i].GetProperty("major").GetRawText(), disks[i].GetProperty("minor").GetRawText()));
            AssertBetween(counters, "read-ios", before[i][3], after[i][3]);
            AssertBetween(counters, "read-sectors", before[i][5], after[i][5]);
            AssertBetween(counters, "write-ios", before[i][7], after[i][7]);
            AssertBetween(counters, "write-sectors", before[i][9], after[i][9]);
            AssertBetween(counters, "discard-ios", before[i][14], after[i][14]);
            AssertBetween(counters, "flush-ios", before[i][18], after[i][18]);
        }

        static void AssertBetween(JsonElement counters, string name, string before, string after) => Assert.InRange(
            counters.GetProperty(name).GetInt64(), long.Parse(before, CultureInfo.InvariantCulture), long.Parse(after, CultureInfo.InvariantCulture));
    }

    private async Task<long[][]> ReadProcessorsAsync() =>
        [.. (await guest.Shell.DoAsync("sed -n 's/^cpu\\([0-9]\\)/\\1/p' /proc/stat")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ').Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray())];

    private async Task<string[][]> ReadDisksAsync() =>
        [.. (await guest.Shell.DoAsync("cat /proc/diskstats")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
