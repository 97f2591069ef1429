using System.Globalization;
using System.Text;
using System.Text.Json;
using EndToEnd.Play;

namespace EndToEnd.VirtualMachine;

/// <summary>Our agent in a real guest, spoken to as a hypervisor's host does.</summary>
[Trait("Suite", "virtual-machine")]
public sealed class VirtualMachineTests(GuestMachine guest) : IClassFixture<GuestMachine>
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task A_host_syncs_and_pings()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        Assert.Equal("{\"return\": {}}", await host.AskLineAsync("{\"execute\":\"guest-ping\"}"));
        Assert.Equal("{\"return\": 99}", await host.AskLineAsync("{\"execute\":\"guest-sync\",\"arguments\":{\"id\":99}}"));
    }

    [Fact]
    public async Task It_says_what_it_is_and_where()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement info = await host.AskAsync("guest-info");
        JsonElement name = await host.AskAsync("guest-get-host-name");
        JsonElement system = await host.AskAsync("guest-get-osinfo");

        Assert.Equal(guest.Version, info.GetProperty("version").GetString());
        Assert.Equal("guestwire-guest", name.GetProperty("host-name").GetString());
        (string release, _) = await guest.Shell.RunAsync("uname -r");
        Assert.Equal(release.Trim(), system.GetProperty("kernel-release").GetString());
    }

    [Fact]
    public async Task Megabytes_are_written_and_read_back()
    {
        byte[] content = new byte[5 * MiB];
        new Random(7).NextBytes(content);
        await using AgentConversation host = await guest.ConnectAsync();

        long handle = (await host.AskAsync("guest-file-open", new { path = "/tmp/megabytes", mode = "w+" })).GetInt64();
        foreach (byte[] chunk in content.Chunk(3 * MiB))
        {
            JsonElement written = await host.AskAsync(
                "guest-file-write", new Dictionary<string, object> { ["handle"] = handle, ["buf-b64"] = Convert.ToBase64String(chunk) });
            Assert.Equal(chunk.Length, written.GetProperty("count").GetInt32());
        }

        await host.AskAsync("guest-file-seek", new { handle, offset = 0, whence = "set" });
        JsonElement read = await host.AskAsync("guest-file-read", new { handle, count = content.Length });
        await host.AskAsync("guest-file-close", new { handle });

        Assert.Equal(content.Length, read.GetProperty("count").GetInt32());
        Assert.True(content.AsSpan().SequenceEqual(read.GetProperty("buf-b64").GetBytesFromBase64()));
        (string size, _) = await guest.Shell.RunAsync("stat -c %s /tmp/megabytes; rm /tmp/megabytes");
        Assert.Equal(content.Length, int.Parse(size, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_program_is_executed_and_its_output_fetched()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement status = await host.ExecuteAsync("cat; echo \"to $USER\" >&2; exit 3", "USER=alice", "the input");

        Assert.Equal(3, status.GetProperty("exitcode").GetInt32());
        Assert.Equal("the input", Encoding.UTF8.GetString(status.GetProperty("out-data").GetBytesFromBase64()));
        Assert.Equal("to alice\n", Encoding.UTF8.GetString(status.GetProperty("err-data").GetBytesFromBase64()));
    }

    [Fact]
    public async Task A_reply_of_22_megabytes_gets_through()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement status = await host.ExecuteAsync("head -c 16777216 /dev/zero", "A=b", "");

        byte[] output = status.GetProperty("out-data").GetBytesFromBase64();
        Assert.Equal(16 * MiB, output.Length);
        Assert.Equal(-1, output.AsSpan().IndexOfAnyExcept((byte)0));
        Assert.Equal("{\"return\": {}}", await host.AskLineAsync("{\"execute\":\"guest-ping\"}"));
    }

    [Fact]
    public async Task A_host_that_left_in_mid_request_does_not_spoil_the_next_ones()
    {
        await using (AgentConversation first = await guest.ConnectAsync())
        {
            await first.SendAsync("{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"/tm");
        }

        await using AgentConversation second = await guest.ConnectAsync();

        Assert.Equal("{\"return\": {}}", await second.AskLineAsync("{\"execute\":\"guest-ping\"}"));
    }

    [Fact]
    public async Task What_was_meant_for_a_host_that_left_is_not_said_to_the_next_one()
    {
        await using (AgentConversation first = await guest.ConnectAsync())
        {
            await guest.Shell.RunAsync("head -c 12000000 /dev/zero > /tmp/unread");
            long handle = (await first.AskAsync("guest-file-open", new { path = "/tmp/unread" })).GetInt64();
            await first.SendAsync($"{{\"execute\":\"guest-file-read\",\"arguments\":{{\"handle\":{handle},\"count\":12000000}}}}\n");
        }

        await guest.Shell.WaitUntilRestsAsync(await guest.Shell.ReadAgentPidAsync());
        using LineConnection second = await guest.ConnectRawAsync("agent.sock");
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        await second.SendAsync("{\"execute\":\"guest-sync\",\"arguments\":{\"id\":4711}}\n"u8.ToArray(), deadline.Token);
        byte[] first4KiB = await second.ReadLinesAsync(1, deadline.Token);

        Assert.Equal("{\"return\": 4711}\n", Encoding.ASCII.GetString(first4KiB));
    }

    [Fact]
    public async Task Without_a_host_it_costs_no_processor_time()
    {
        int pid = await guest.Shell.ReadAgentPidAsync();
        await guest.Shell.WaitUntilRestsAsync(pid);

        long before = await guest.Shell.ReadProcessorTimeAsync(pid);
        await guest.Shell.RunAsync("sleep 4");
        long used = await guest.Shell.ReadProcessorTimeAsync(pid) - before;

        Assert.InRange(used, 0, 4);
    }

    [Fact]
    public async Task It_serves_a_serial_line()
    {
        await using AgentConversation host = await guest.ConnectAsync("isa.sock");

        Assert.Equal("{\"return\": {}}", await host.AskLineAsync("{\"execute\":\"guest-ping\"}"));
    }

    [Fact]
    public async Task It_serves_vsock()
    {
        (string output, int status) = await guest.Shell.RunAsync(
            "echo '{\"execute\":\"guest-sync\",\"arguments\":{\"id\":77}}' | timeout 20 socat -t10 - VSOCK-CONNECT:1:9000 | cat");

        Assert.Equal((0, "{\"return\": 77}\n"), (status, output));
    }

    [Fact]
    public async Task On_vsock_a_program_of_the_guest_is_not_the_host()
    {
        // One that is served would wait for an answer until its time is over; the end of the stream is a connection that was refused.
        const string hear = "timeout 20 socat -u VSOCK-CONNECT:1:9001 STDOUT 2>/dev/null";
        int pid = await guest.Shell.ReadAgentPidAsync();
        await guest.Shell.DoAsync(
            $"mkdir -p /run/any; $(readlink /proc/{pid}/exe) -m vsock-listen -p 4294967295:9001 -t /run/any 2>/dev/null & echo $! > /run/any/pid");

        string heard = await guest.Shell.DoAsync(
            $"n=0; until {hear} | cat > /run/any/heard; [ -s /run/any/heard ] || {{ {hear}; echo status $?; }} | grep -x 'status 0' || [ $n -gt 50 ]; do n=$((n + 1)); sleep 0.2; done; cat /run/any/heard");
        await guest.Shell.DoAsync("kill $(cat /run/any/pid); rm -r /run/any");

        Assert.Equal("status 0\n", heard);
    }
}
