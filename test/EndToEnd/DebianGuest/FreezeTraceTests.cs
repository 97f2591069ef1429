using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>While filesystems are frozen neither agent nor runtime write to a disk: every system call in between is looked at.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class FreezeTraceTests(DebianMachine guest)
{
    private const string Log = "/var/log/agent-under-test.log";

    [Fact]
    public async Task Between_the_first_freeze_and_the_last_thaw_nothing_is_written_but_to_the_port_and_to_memory()
    {
        await using DataMounts data = new(guest);
        await data.AddAsync("ext4");
        await data.AddAsync("btrfs");
        await data.DoAsync("true", "rm " + Log);
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "verbose=true", "logfile=" + Log);
        await using ServiceTrace trace = await ServiceTrace.StartAsync(guest, "%file,%desc,%network,%process,io_uring_enter,sync");
        string heldBack;
        await using (AgentConversation host = await guest.ConnectAsync())
        {
            await host.AskAsync("guest-fsfreeze-freeze");
            string logged = await guest.Shell.DoAsync("cat " + Log);
            await host.AskAsync("guest-ping");
            await host.AskAsync("guest-fsfreeze-status");
            await host.AskLineAsync("{\"execute\":\"guest-get-fsinfo\"}");
            await host.AskLineAsync("{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/true\"}}");
            await host.AskLineAsync("no JSON at all");
            await host.SyncAsync(4711, BootedMachine.Patience);
            await host.AskAsync("guest-info");
            Assert.Equal(logged, await guest.Shell.DoAsync("cat " + Log));
            await host.AskAsync("guest-fsfreeze-thaw");
            heldBack = (await guest.Shell.DoAsync("cat " + Log))[logged.Length..];
        }

        string[] calls = await trace.StopAsync();
        int first = Array.FindIndex(calls, call => call.Contains("FIFREEZE", StringComparison.Ordinal));
        int last = Array.FindLastIndex(calls, call => call.Contains("FITHAW", StringComparison.Ordinal) && call.EndsWith("= 0", StringComparison.Ordinal));
        Assert.InRange(first, 1, last);
        Assert.Equal([], calls[first..(last + 1)].Where(TracedCall.MayWriteToDisk));

        // What is said around a freeze does reach the log's file and the system's, so it would have been seen.
        Assert.Contains(calls[..first], TracedCall.MayWriteToDisk);
        Assert.Contains(calls[(last + 1)..], call => TracedCall.MayWriteToDisk(call) && call.Contains(Log, StringComparison.Ordinal));
        Assert.Contains("guest-fsfreeze-status", heldBack, StringComparison.Ordinal);
    }
}
