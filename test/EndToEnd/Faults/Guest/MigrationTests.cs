using System.Text;
using System.Text.Json;
using EndToEnd.DebianGuest;
using EndToEnd.Play;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Faults.Guest;

/// <summary>The guest moves to another QEMU while its agent is at something: the new host has an agent, and the old one's words do not follow.</summary>
[Trait("Suite", "guest-faults")]
[Collection(MovableMachine.Collection)]
public sealed class MigrationTests(MovableMachine guest)
{
    [Fact]
    public async Task Open_files_and_running_programs_go_along()
    {
        int agent = await guest.Shell.ReadAgentPidAsync();
        long handle;
        int pid;
        await using (AgentConversation before = await guest.ConnectAsync())
        {
            handle = await before.OpenAsync("/tmp/moved", "w+");
            await before.WriteAsync(handle, "before, ");
            pid = await before.StartAsync("until [ -e /tmp/arrived ]; do sleep 0.1; done; echo here; exit 7");
        }

        await guest.MoveAsync();

        await using AgentConversation after = await guest.ConnectAsync();
        await after.WriteAsync(handle, "after");
        await after.AskAsync("guest-file-seek", new { handle, offset = 0, whence = "set" });
        JsonElement read = await after.AskAsync("guest-file-read", new { handle });
        await after.AskAsync("guest-file-close", new { handle });
        JsonElement running = await after.AskAsync("guest-exec-status", new { pid });
        await guest.Shell.DoAsync("touch /tmp/arrived");
        JsonElement ended = await after.WaitForEndAsync(pid);
        string content = await guest.Shell.DoAsync("cat /tmp/moved; rm /tmp/moved /tmp/arrived");

        Assert.Equal("before, after", Encoding.UTF8.GetString(read.GetProperty("buf-b64").GetBytesFromBase64()));
        Assert.Equal("before, after", content);
        Assert.False(running.GetProperty("exited").GetBoolean());
        Assert.Equal(7, ended.GetProperty("exitcode").GetInt32());
        Assert.Equal("here\n", Encoding.UTF8.GetString(ended.GetProperty("out-data").GetBytesFromBase64()));
        Assert.Equal(agent, await guest.Shell.ReadAgentPidAsync());
    }

    [Fact]
    public async Task What_was_frozen_is_frozen_there_and_thaws()
    {
        await using (AgentConversation before = await guest.ConnectAsync())
        {
            Assert.Equal(1, (await before.AskAsync("guest-fsfreeze-freeze")).GetInt32());
        }

        await guest.MoveAsync();

        await using AgentConversation after = await guest.ConnectAsync();
        Assert.Equal("frozen", (await after.AskAsync("guest-fsfreeze-status")).GetString());
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, MovableMachine.Data);
        await writer.WaitUntilBlockedAsync();
        Assert.Equal(1, (await after.AskAsync("guest-fsfreeze-thaw")).GetInt32());
        await writer.FinishAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"/tm")]
    public async Task The_new_host_hears_its_own_answer_though_the_old_one_broke_off(string begun)
    {
        int agent = await guest.Shell.ReadAgentPidAsync();
        using LineConnection before = await guest.ConnectRawAsync("agent.sock");
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        await before.SendAsync(Encoding.ASCII.GetBytes(begun), deadline.Token);

        await guest.MoveAsync();
        await guest.WaitForPortAsync(hostIsThere: false);
        await guest.Shell.WaitUntilRestsAsync(agent);

        Assert.Equal("{\"return\": 4711}\n", await guest.AskFirstAsync());
    }

    [Fact]
    public async Task The_rest_of_a_reply_that_the_old_host_was_reading_is_not_said_to_the_new_one()
    {
        int agent = await guest.Shell.ReadAgentPidAsync();
        using LargeReply reply = await LargeReply.BeginAsync(guest);
        await reply.ReadAsync(1_000_000);

        await guest.MoveAsync(reply.ReadRestAsync);

        await guest.WaitForPortAsync(hostIsThere: false);
        await guest.Shell.WaitUntilRestsAsync(agent);

        Assert.Equal("{\"return\": 4711}\n", await guest.AskFirstAsync());
    }

    [Fact]
    public async Task A_host_that_was_there_before_the_guest_skips_the_rest_of_such_a_reply_with_a_delimited_sync()
    {
        using LargeReply reply = await LargeReply.BeginAsync(guest);
        await reply.ReadAsync(1_000_000);
        await guest.LeaveAsync(reply.ReadRestAsync);

        // The guest's kernel hears of hosts that come and go; to it this is still the same one.
        await using AgentConversation early = new(await guest.ConnectRawAsync("agent.sock"));
        await guest.ArriveAsync();
        await early.SyncAsync(4712, BootedMachine.Patience);

        Assert.Equal("{\"return\": {}}", await early.AskLineAsync("{\"execute\":\"guest-ping\"}"));
    }
}
