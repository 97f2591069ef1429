using System.Net.Sockets;
using System.Text;
using EndToEnd.Corpus;
using EndToEnd.Play;
using EndToEnd.Sandbox;

namespace EndToEnd;

/// <summary>What our agent does better and no recording can show: the reference dies of it, or serves nobody else meanwhile.</summary>
[Trait("Suite", "transcripts")]
public sealed class BetterThanReferenceTests(AgentTranscriptTests.Image image) : IClassFixture<AgentTranscriptTests.Image>
{
    [Fact]
    public async Task A_host_that_leaves_replies_unread_does_not_end_the_agent()
    {
        await using SandboxedAgent agent = await StartAsync();
        using (Socket first = await agent.ConnectAsync())
        {
            await first.SendAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"execute\":\"guest-info\"}\n", 200))));

            // One byte shows that replies are under way; the rest is still unread when the socket closes.
            await first.ReceiveAsync(new byte[1]);
        }

        Assert.Equal("{\"return\": {}}\n", await AskAsync(agent, "{\"execute\":\"guest-ping\"}"));
    }

    [Fact]
    public async Task Half_a_request_ends_with_its_connection()
    {
        await using SandboxedAgent agent = await StartAsync();
        using (Socket first = await agent.ConnectAsync())
        {
            await first.SendAsync("{\"execute\":\"guest-sync\",\"arguments\":{\"id\":"u8.ToArray());
        }

        Assert.Equal("{\"return\": {}}\n", await AskAsync(agent, "{\"execute\":\"guest-ping\"}"));
    }

    [Fact]
    public async Task A_second_host_is_served_beside_the_first()
    {
        await using SandboxedAgent agent = await StartAsync();
        using Socket first = await agent.ConnectAsync();

        Assert.Equal("{\"return\": 2}\n", await AskAsync(agent, "{\"execute\":\"guest-sync\",\"arguments\":{\"id\":2}}"));
        Assert.Equal("{\"return\": 1}\n", await AskAsync(first, "{\"execute\":\"guest-sync\",\"arguments\":{\"id\":1}}"));
    }

    [Fact]
    public async Task A_handle_whose_close_failed_is_gone_and_does_no_harm()
    {
        await using SandboxedAgent agent = await StartAsync();
        using Socket host = await agent.ConnectAsync();

        Assert.Equal("{\"return\": 1000}\n", await AskAsync(host, "{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"/dev/full\",\"mode\":\"w\"}}"));
        Assert.Contains("\"count\": 3", await AskAsync(host, "{\"execute\":\"guest-file-write\",\"arguments\":{\"handle\":1000,\"buf-b64\":\"YWJj\"}}"), StringComparison.Ordinal);
        Assert.Contains("failed to close handle: No space left on device", await AskAsync(host, "{\"execute\":\"guest-file-close\",\"arguments\":{\"handle\":1000}}"), StringComparison.Ordinal);
        Assert.Contains("handle '1000' has not been found", await AskAsync(host, "{\"execute\":\"guest-file-close\",\"arguments\":{\"handle\":1000}}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_takes_its_socket_away_when_it_ends()
    {
        await using SandboxedAgent agent = await StartAsync();
        using (await agent.ConnectAsync())
        {
        }

        await agent.SignalAsync(15);

        Assert.Equal(0, await agent.WaitForExitAsync());
        Assert.False(File.Exists(agent.Outside(SandboxedAgent.SocketPath)));
    }

    [Fact]
    public async Task A_file_where_the_socket_should_be_is_left_alone()
    {
        TranscriptCase occupied = SandboxCase.Empty with { Setup = $"echo precious > {SandboxedAgent.SocketPath}" };
        await using SandboxedAgent agent = await StartAsync(occupied);

        Assert.Equal(1, await agent.WaitForExitAsync());
        Assert.Equal("precious\n", await File.ReadAllTextAsync(agent.Outside(SandboxedAgent.SocketPath)));
    }

    private Task<SandboxedAgent> StartAsync(TranscriptCase? transcript = null) =>
        SandboxedAgent.StartAsync(image.Value, transcript ?? SandboxCase.Empty, SandboxCase.Listening, new TextVariables());

    private static async Task<string> AskAsync(SandboxedAgent agent, string request)
    {
        using Socket socket = await agent.ConnectAsync();
        return await AskAsync(socket, request);
    }

    private static async Task<string> AskAsync(Socket socket, string request)
    {
        using CancellationTokenSource deadline = new(SandboxedAgent.Patience);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request + "\n"), deadline.Token);
        StringBuilder reply = new();
        byte[] buffer = new byte[4096];
        while (!reply.ToString().EndsWith('\n'))
        {
            int read = await socket.ReceiveAsync(buffer, deadline.Token);
            if (read == 0)
            {
                return $"{reply}the connection was closed";
            }

            reply.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return reply.ToString();
    }
}
