namespace Guestwire.Client.Tests.Transports;

/// <summary>A client at one end of a pseudoterminal; the test is the agent at the other.</summary>
public sealed class SerialTransportTests
{
    [Fact]
    public async Task A_terminal_hands_bytes_through_as_they_are()
    {
        using Pseudoterminal terminal = new();
        await using GuestClient client = ClientOf(terminal);
        Task<string> reply = client.SendRawAsync("{\"execute\": \"\\u0003 \u00E4\"}");
        using AgentEnd agent = new(terminal.OpenMaster());
        await agent.AnswerSyncAsync();
        string request = await agent.ReadAsync();
        await agent.SendAsync("{\"return\": \"\u00C3\u00A4\"}\r\n");

        Assert.Equal("{\"execute\": \"\\u0003 \u00C3\u00A4\"}", request);
        Assert.Equal("{\"return\": \"\u00E4\"}", await reply);
    }

    [Fact]
    public async Task More_than_a_terminal_holds_comes_through_both_ways()
    {
        using Pseudoterminal terminal = new();
        await using GuestClient client = ClientOf(terminal);
        string text = new('x', 300_000);
        Task<string> reply = client.SendRawAsync($"{{\"execute\": \"{text}\"}}");
        using AgentEnd agent = new(terminal.OpenMaster());
        await agent.AnswerSyncAsync();
        Assert.Equal($"{{\"execute\": \"{text}\"}}", await agent.ReadAsync());
        await agent.SendAsync($"{{\"return\": \"{text}\"}}\n");

        Assert.Equal($"{{\"return\": \"{text}\"}}", await reply);
    }

    [Fact]
    public async Task Disposing_ends_a_read_that_waits()
    {
        using Pseudoterminal terminal = new();
        GuestClient client = ClientOf(terminal);
        Task ping = client.GuestPingAsync();
        using AgentEnd agent = new(terminal.OpenMaster());
        await agent.AnswerSyncAsync();
        await agent.ReadAsync();

        await client.DisposeAsync().AsTask().WaitAsync(PlayedAgent.Patience);

        await Assert.ThrowsAsync<IOException>(() => ping);
    }

    [Fact]
    public async Task The_other_end_s_going_away_is_the_end_of_the_link()
    {
        using Pseudoterminal terminal = new();
        await using GuestClient client = ClientOf(terminal);
        Task ping = client.GuestPingAsync();
        using AgentEnd agent = new(terminal.OpenMaster());
        await agent.AnswerSyncAsync();
        await agent.ReadAsync();

        agent.Dispose();
        terminal.Dispose();

        await Assert.ThrowsAsync<IOException>(() => ping);
    }

    [Fact]
    public async Task A_second_client_is_kept_out()
    {
        using Pseudoterminal terminal = new();
        await using GuestClient client = ClientOf(terminal);
        Task ping = client.GuestPingAsync();
        using AgentEnd agent = new(terminal.OpenMaster());
        await agent.ReadSyncAsync();

        await using GuestClient second = ClientOf(terminal);
        IOException error = await Assert.ThrowsAsync<IOException>(() => second.GuestPingAsync());

        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
        await client.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(() => ping);
    }

    [Fact]
    public async Task A_port_that_is_not_there_is_named()
    {
        await using GuestClient client = new(new SerialTransport("/dev/no-such-port"));

        Assert.Contains("/dev/no-such-port", (await Assert.ThrowsAsync<IOException>(() => client.GuestPingAsync())).Message, StringComparison.Ordinal);
    }

    private static GuestClient ClientOf(Pseudoterminal terminal) =>
        new(new SerialTransport(terminal.Path), new GuestClientOptions { Timeout = PlayedAgent.Patience, SyncTimeout = PlayedAgent.Patience });
}
