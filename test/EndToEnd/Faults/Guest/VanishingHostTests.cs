using System.Globalization;
using System.Text;
using EndToEnd.Play;
using EndToEnd.VirtualMachine;
using Xunit.Abstractions;

namespace EndToEnd.Faults.Guest;

/// <summary>Hosts of a virtio-serial port that leave in the middle of anything, or stay and do not read.</summary>
[Trait("Suite", "guest-faults")]
[Collection(MovableMachine.Collection)]
public sealed class VanishingHostTests(MovableMachine guest, ITestOutputHelper output)
{
    private const string OpenRequest =
        "{\"execute\": \"guest-file-open\", \"arguments\": {\"path\": \"/tmp/\\u00e9t\\\"é\\\\\", \"mode\": 'w'}, \"id\": [1, {\"a\": -1.5e3}]}\n";

    [Fact]
    public async Task Wherever_a_host_stops_reading_and_leaves_the_next_one_hears_its_own_answer()
    {
        Random random = Seed.Draw(output);
        int agent = await guest.Shell.ReadAgentPidAsync();
        for (int round = 0; round < 50; round++)
        {
            using (LargeReply reply = await LargeReply.BeginAsync(guest))
            {
                await reply.ReadAsync(random.Next(LargeReply.ReplyBytes));

                // The agent does not read it while its reply waits, so it lies in the guest's kernel when the host is gone.
                await reply.Host.SendAsync("{\"execute\":\"guest-sync\",\"arguments\":{\"id\":4710}}\n");
            }

            await guest.WaitForPortAsync(hostIsThere: false);
            await guest.Shell.WaitUntilRestsAsync(agent);

            Assert.Equal("{\"return\": 4711}\n", await guest.AskFirstAsync());
        }
    }

    [Fact]
    public async Task A_host_that_comes_the_moment_the_other_leaves_is_answered_after_a_delimited_sync()
    {
        Random random = Seed.Draw(output);
        for (int round = 0; round < 20; round++)
        {
            using (LargeReply reply = await LargeReply.BeginAsync(guest))
            {
                await reply.ReadAsync(random.Next(LargeReply.ReplyBytes));
            }

            await using AgentConversation next = await guest.ConnectAsync();

            Assert.Equal("{\"return\": {}}", await next.AskLineAsync("{\"execute\":\"guest-ping\"}"));
        }
    }

    [Fact]
    public async Task However_short_a_host_stays_nothing_of_what_it_sent_is_left_for_the_next()
    {
        // By the time the agent looks the host has come, spoken and gone.
        int agent = await guest.Shell.ReadAgentPidAsync();
        for (int round = 0; round < 10; round++)
        {
            await guest.Shell.DoAsync($"kill -STOP {agent}");
            using (LineConnection first = await guest.ConnectRawAsync("agent.sock"))
            {
                using CancellationTokenSource deadline = new(BootedMachine.Patience);
                await guest.WaitForPortAsync(hostIsThere: true);
                await first.SendAsync("{\"execute\":\"guest-sync\",\"arguments\":{\"id\":4710}}\n{"u8.ToArray(), deadline.Token);
            }

            await guest.WaitForPortAsync(hostIsThere: false);
            await guest.Shell.DoAsync($"kill -CONT {agent}");
            await guest.Shell.WaitUntilRestsAsync(agent);

            Assert.Equal("{\"return\": 4711}\n", await guest.AskFirstAsync());
            await guest.WaitForPortAsync(hostIsThere: false);
        }
    }

    [Fact]
    public async Task Wherever_a_request_breaks_off_nothing_of_it_is_left_for_the_next_host()
    {
        Random random = Seed.Draw(output);
        byte[] request = Encoding.UTF8.GetBytes(OpenRequest);
        int agent = await guest.Shell.ReadAgentPidAsync();
        string before = await CountDescriptorsAsync(agent);
        for (int round = 0; round < 30; round++)
        {
            int cut = random.Next(1, request.Length - 1);
            using (LineConnection first = await guest.ConnectRawAsync("agent.sock"))
            {
                using CancellationTokenSource deadline = new(BootedMachine.Patience);
                await guest.WaitForPortAsync(hostIsThere: true);
                await first.SendAsync(request.AsMemory(0, cut), deadline.Token);
            }

            await guest.WaitForPortAsync(hostIsThere: false);
            await guest.Shell.WaitUntilRestsAsync(agent);

            Assert.Equal("{\"return\": 4711}\n", await guest.AskFirstAsync());
        }

        Assert.Equal(before, await CountDescriptorsAsync(agent));
    }

    [Fact]
    public async Task A_host_that_does_not_read_costs_no_time_and_little_memory_and_hears_everything_when_it_does()
    {
        const int Replies = 4;
        int agent = await guest.Shell.ReadAgentPidAsync();
        using LineConnection host = await guest.ConnectRawAsync("agent.sock");
        AgentConversation conversation = new(host);
        await conversation.SyncAsync(4716, BootedMachine.Patience);
        await guest.Shell.DoAsync($"head -c {LargeReply.FileBytes} /dev/zero > /tmp/unread");
        long handle = await conversation.OpenAsync("/tmp/unread", "r");
        long memoryBefore = await guest.Shell.ReadResidentMemoryAsync(agent);
        for (int i = 0; i < Replies; i++)
        {
            await conversation.SendAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"execute\":\"guest-file-seek\",\"arguments\":{{\"handle\":{handle},\"offset\":0,\"whence\":\"set\"}}}}\n"
                    + $"{{\"execute\":\"guest-file-read\",\"arguments\":{{\"handle\":{handle},\"count\":{LargeReply.FileBytes}}}}}\n"));
        }

        await conversation.SendAsync("{\"execute\":\"guest-sync\",\"arguments\":{\"id\":4717}}\n");
        await guest.Shell.WaitUntilRestsAsync(agent);

        long timeBefore = await guest.Shell.ReadProcessorTimeAsync(agent);
        await guest.Shell.DoAsync("sleep 4");
        long timeUsed = await guest.Shell.ReadProcessorTimeAsync(agent) - timeBefore;
        long memoryUsed = await guest.Shell.ReadResidentMemoryAsync(agent) - memoryBefore;
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        string[] lines = Encoding.ASCII.GetString(await host.ReadLinesAsync((2 * Replies) + 1, deadline.Token)).Split('\n');
        await conversation.AskAsync("guest-file-close", new { handle });
        await guest.Shell.DoAsync("rm /tmp/unread");

        output.WriteLine($"processor time {timeUsed * 10} ms, memory {memoryUsed} KiB");
        Assert.InRange(timeUsed, 0, 1);
        Assert.InRange(memoryUsed, long.MinValue, 1024);
        Assert.Equal((2 * Replies) + 2, lines.Length);
        for (int i = 0; i < Replies; i++)
        {
            Assert.Equal("{\"return\": {\"position\": 0, \"eof\": false}}", lines[2 * i]);
            Assert.StartsWith("{\"return\": {\"buf-b64\": \"AAAA", lines[(2 * i) + 1], StringComparison.Ordinal);
            Assert.Contains($"\"count\": {LargeReply.FileBytes}", lines[(2 * i) + 1], StringComparison.Ordinal);
            Assert.InRange(lines[(2 * i) + 1].Length, LargeReply.ReplyBytes, LargeReply.ReplyBytes + 100);
        }

        Assert.Equal("{\"return\": 4717}", lines[2 * Replies]);
    }

    private Task<string> CountDescriptorsAsync(int agent) =>
        guest.Shell.DoAsync(string.Create(CultureInfo.InvariantCulture, $"ls /proc/{agent}/fd | wc -l"));
}
