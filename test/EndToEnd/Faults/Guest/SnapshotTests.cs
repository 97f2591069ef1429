using System.Text;
using System.Text.Json;
using EndToEnd.DebianGuest;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Faults.Guest;

/// <summary>
/// The guest goes back to an earlier moment in the same QEMU, where the host stays connected: the agent is what it was then, and answers.
/// </summary>
[Trait("Suite", "guest-faults")]
[Collection(MovableMachine.Collection)]
public sealed class SnapshotTests(MovableMachine guest)
{
    [Fact]
    public async Task Files_and_programs_are_as_they_were_then()
    {
        await using AgentConversation host = await guest.ConnectAsync();
        long handle = await host.OpenAsync(MovableMachine.Data + "/kept", "w+");
        await host.WriteAsync(handle, "then");
        int pid = await host.StartAsync("until [ -e /tmp/go ]; do sleep 0.1; done; echo gone; exit 7");
        await guest.KeepAsync();
        await host.WriteAsync(handle, ", now");
        await host.AskAsync("guest-file-close", new { handle });
        await guest.Shell.DoAsync("touch /tmp/go");
        await host.WaitForEndAsync(pid);

        await guest.GoBackAsync();

        await host.SyncAsync(4713, BootedMachine.Patience);
        Assert.False((await host.AskAsync("guest-exec-status", new { pid })).GetProperty("exited").GetBoolean());
        JsonElement place = await host.AskAsync("guest-file-seek", new { handle, offset = 0, whence = "cur" });
        Assert.Equal(4, place.GetProperty("position").GetInt32());
        await host.AskAsync("guest-file-close", new { handle });
        Assert.Equal("then", await guest.Shell.DoAsync($"cat {MovableMachine.Data}/kept; rm {MovableMachine.Data}/kept; touch /tmp/go"));
        JsonElement ended = await host.WaitForEndAsync(pid);
        await guest.Shell.DoAsync("rm /tmp/go");
        Assert.Equal((7, "gone\n"), (
            ended.GetProperty("exitcode").GetInt32(), Encoding.UTF8.GetString(ended.GetProperty("out-data").GetBytesFromBase64())));
    }

    [Fact]
    public async Task What_was_frozen_then_is_frozen_again_and_thaws()
    {
        await using AgentConversation host = await guest.ConnectAsync();
        await host.AskAsync("guest-fsfreeze-freeze");
        await guest.KeepAsync();
        Assert.Equal(1, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());

        await guest.GoBackAsync();

        await host.SyncAsync(4714, BootedMachine.Patience);
        Assert.Equal("frozen", (await host.AskAsync("guest-fsfreeze-status")).GetString());
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, MovableMachine.Data);
        await writer.WaitUntilBlockedAsync();
        Assert.Equal(1, (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32());
        await writer.FinishAsync();
    }
}
