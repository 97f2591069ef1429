using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>What becomes of a freeze when one filesystem cannot be frozen, or somebody else was there before.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class FreezeRollbackTests(DebianMachine guest)
{
    [Fact]
    public async Task When_one_fails_the_error_names_it_and_those_that_were_frozen_thaw()
    {
        await using DataMounts data = new(guest);
        await guest.Shell.DoAsync("modprobe dm_mod");
        string disk = DataMounts.DiskOf("ext4");
        await data.DoAsync($"echo \"0 $(blockdev --getsz {disk}) linear {disk} 0\" | dmsetup create failing", "dmsetup remove failing");
        await guest.Shell.DoAsync("mkfs.ext4 -q -F /dev/mapper/failing");

        // It freezes after those that were mounted later.
        string failing = await data.MountAsync("/dev/mapper/failing", "failing");
        string xfs = await data.AddAsync("xfs");
        string btrfs = await data.AddAsync("btrfs");
        await guest.Shell.DoAsync(
            $"echo dirty > {failing}/dirty && size=$(blockdev --getsz {disk}) && dmsetup suspend --nolockfs --noflush failing"
                + " && echo \"0 $size error\" | dmsetup load failing && dmsetup resume failing");
        await using (ServiceTrace trace = await ServiceTrace.StartAsync(guest, "ioctl"))
        {
            await using AgentConversation host = await guest.ConnectAsync();

            Assert.Equal(
                $"{{\"error\": {{\"class\": \"GenericError\", \"desc\": \"failed to freeze {failing}: Input/output error\"}}}}",
                await host.AskLineAsync("{\"execute\":\"guest-fsfreeze-freeze\"}"));

            Assert.Equal("thawed", (await host.AskAsync("guest-fsfreeze-status")).GetString());
            await guest.AssertWritableAsync(xfs, btrfs, "/root");
            string[] calls = await trace.StopAsync();
            Assert.Equal([btrfs, xfs], SucceededOn(calls, "FIFREEZE"));
            Assert.Equal([xfs, btrfs], SucceededOn(calls, "FITHAW"));
        }
    }

    [Fact]
    public async Task What_somebody_else_has_frozen_is_passed_over_and_thawed_with_the_others()
    {
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        string xfs = await data.AddAsync("xfs");
        int count = await data.CountFreezableAsync();
        await guest.Shell.DoAsync("fsfreeze --freeze " + xfs);
        await using AgentConversation host = await guest.ConnectAsync();

        Assert.Equal(count - 1, (await host.AskAsync("guest-fsfreeze-freeze")).GetInt32());
        LateWriter onExt4 = await LateWriter.StartAsync(guest.Shell, ext4);
        LateWriter onXfs = await LateWriter.StartAsync(guest.Shell, xfs);
        await onExt4.WaitUntilBlockedAsync();
        await onXfs.WaitUntilBlockedAsync();

        Assert.Equal(count, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());
        await onExt4.FinishAsync();
        await onXfs.FinishAsync();
    }

    [Fact]
    public async Task A_thaw_without_a_freeze_thaws_what_somebody_else_has_frozen()
    {
        await using DataMounts data = new(guest);
        string xfs = await data.AddAsync("xfs");
        await guest.Shell.DoAsync("fsfreeze --freeze " + xfs);
        await using AgentConversation host = await guest.ConnectAsync();

        Assert.Equal("thawed", (await host.AskAsync("guest-fsfreeze-status")).GetString());
        Assert.Equal(1, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());

        await guest.AssertWritableAsync(xfs);
    }

    /// <summary>The paths of the descriptors, in order, on which the call succeeded: <c>540 ioctl(9&lt;/data/xfs&gt;, FITHAW) = 0</c>.</summary>
    private static string[] SucceededOn(string[] calls, string request) =>
    [
        .. calls.Where(call => call.Contains($", {request}) ", StringComparison.Ordinal) && call.EndsWith("= 0", StringComparison.Ordinal))
            .Select(call => call[(call.IndexOf('<') + 1)..call.IndexOf('>')]),
    ];
}
