using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>guest-fstrim, measured by how much of this machine's disk the guest's image takes.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class TrimInGuestTests(DebianMachine guest)
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task What_was_deleted_is_given_back_to_the_host(string type)
    {
        await using DataMounts data = new(guest);
        string mountpoint = await data.AddAsync(type);
        await using AgentConversation host = await guest.ConnectAsync();
        await TrimAsync(host, mountpoint, 0);
        long before = await MeasureAsync(type);

        await guest.Shell.DoAsync($"head -c {100 * MiB} /dev/zero > {mountpoint}/large && sync");
        Assert.InRange(await MeasureAsync(type) - before, 95 * MiB, 200 * MiB);
        await guest.Shell.DoAsync($"rm {mountpoint}/large && sync");
        Assert.InRange(await MeasureAsync(type) - before, 95 * MiB, 200 * MiB);

        // Some filesystems free the blocks of a deleted file when they get round to it.
        long trimmed = 0;
        Stopwatch waited = Stopwatch.StartNew();
        while (await MeasureAsync(type) - before > 10 * MiB)
        {
            Assert.True(waited.Elapsed < BootedMachine.Patience, "the image did not shrink");
            trimmed = Math.Max(trimmed, (await TrimAsync(host, mountpoint, 0)).GetProperty("trimmed").GetInt64());
        }

        Assert.InRange(trimmed, 95 * MiB, 512 * MiB);
    }

    [Fact]
    public async Task Less_than_the_minimum_at_one_place_is_left_alone()
    {
        await using DataMounts data = new(guest);
        string mountpoint = await data.AddAsync("ext4");
        await using AgentConversation host = await guest.ConnectAsync();
        await guest.Shell.DoAsync($"for i in $(seq 40); do head -c {MiB} /dev/zero > {mountpoint}/$i && sync {mountpoint}/$i; done");
        await TrimAsync(host, mountpoint, 0);
        long before = await MeasureAsync("ext4");
        await guest.Shell.DoAsync($"for i in $(seq 2 2 38); do rm {mountpoint}/$i; done; sync");

        JsonElement none = await TrimAsync(host, mountpoint, 16 * MiB);
        Assert.InRange(before - await MeasureAsync("ext4"), -MiB, 4 * MiB);
        JsonElement all = await TrimAsync(host, mountpoint, 0);

        Assert.InRange(before - await MeasureAsync("ext4"), 15 * MiB, 24 * MiB);
        Assert.Equal(16 * MiB, none.GetProperty("minimum").GetInt64());
        Assert.InRange(all.GetProperty("trimmed").GetInt64(), 15 * MiB, 512 * MiB);
    }

    [Fact]
    public async Task Every_filesystem_is_told_of_the_last_mounted_first_and_what_cannot_be_trimmed_says_why()
    {
        await using DataMounts data = new(guest);
        await data.AddAsync("ext4");
        await data.AddAsync("xfs");
        await data.DoAsync("modprobe loop && truncate -s 16M /run/small && mkfs.ext4 -q -F /run/small", "rm /run/small");
        string small = await data.MountAsync("-o loop /run/small", "small");
        string[] mounted = (await guest.Shell.DoAsync("findmnt --noheadings --raw --output=TARGET --types=ext4,xfs,btrfs"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await using AgentConversation host = await guest.ConnectAsync();

        // No place in the small one is that large.
        JsonElement[] results = [.. (await host.AskAsync("guest-fstrim", new { minimum = 64 * MiB })).GetProperty("paths").EnumerateArray()];

        Assert.Equal(mounted.Reverse(), results.Select(one => one.GetProperty("path").GetString()));
        Assert.Equal($"{{\"path\": \"{small}\", \"error\": \"failed to trim: Invalid argument\"}}", results[0].GetRawText());
        Assert.All(results[1..3], one => Assert.InRange(one.GetProperty("minimum").GetInt64(), 64 * MiB, 65 * MiB));
    }

    private static async Task<JsonElement> TrimAsync(AgentConversation host, string mountpoint, long minimum)
    {
        JsonElement paths = (await host.AskAsync("guest-fstrim", new { minimum })).GetProperty("paths");
        return Assert.Single(paths.EnumerateArray(), one => one.GetProperty("path").ValueEquals(mountpoint));
    }

    /// <summary>Bytes that an image takes on this machine's disk.</summary>
    private async Task<long> MeasureAsync(string disk) =>
        512 * long.Parse(await CommandLine.RunAsync("stat", "--format=%b", guest.PathOf(disk + ".img")), CultureInfo.InvariantCulture);
}
