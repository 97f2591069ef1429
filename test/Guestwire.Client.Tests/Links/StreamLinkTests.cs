using System.Text.Json;
using Guestwire.Protocol;

namespace Guestwire.Client.Tests.Links;

/// <summary>A client and an agent on a UNIX socket; the test is the agent.</summary>
public sealed class StreamLinkTests : IDisposable
{
    private readonly PlayedAgent _agent = new();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public async Task Nothing_but_a_sync_is_sent_before_the_agent_has_answered_it()
    {
        await using GuestClient client = _agent.Client();
        Task ping = client.GuestPingAsync();
        using AgentEnd agent = await _agent.AcceptAsync();
        string reply = await agent.ReadSyncAsync();

        await client.DisposeAsync();

        Assert.True(await agent.IsAtEndAsync());
        Assert.NotEmpty(reply);
        await Assert.ThrowsAsync<IOException>(() => ping);
    }

    [Fact]
    public async Task What_comes_before_the_reply_to_the_sync_is_not_for_us()
    {
        await using GuestClient client = _agent.Client();
        Task<long> time = client.GuestGetTimeAsync();
        using AgentEnd agent = await _agent.AcceptAsync();
        string reply = await agent.ReadSyncAsync();

        await agent.SendAsync(
            "{\"return\": 1}\n{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error, stray '\\uFFFD'\"}}\ngarbage \"half a strin" + reply);
        Assert.Equal("{\"execute\": \"guest-get-time\"}", await agent.ReadAsync());
        await agent.SendAsync("{\"return\": 42}\n");

        Assert.Equal(42, await time);
    }

    [Fact]
    public async Task The_second_call_needs_no_sync()
    {
        await using GuestClient client = _agent.Client();
        Task ping = client.GuestPingAsync();
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        await agent.ReadAsync();
        await agent.SendAsync("{\"return\": {}}\n");
        await ping;

        Task<long> time = client.GuestGetTimeAsync();
        Assert.Equal("{\"execute\": \"guest-get-time\"}", await agent.ReadAsync());
        await agent.SendAsync("{\"return\": 2}\n");

        Assert.Equal(2, await time);
    }

    [Theory]
    [InlineData("CommandNotFound", ErrorClass.CommandNotFound)]
    [InlineData("GenericError", ErrorClass.GenericError)]
    [InlineData("SomethingOfTheFuture", ErrorClass.GenericError)]
    public async Task An_error_of_the_agent_is_thrown_with_its_class_and_text(string errorClass, ErrorClass expected)
    {
        await using GuestClient client = _agent.Client();
        Task ping = client.GuestPingAsync();
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        await agent.ReadAsync();
        await agent.SendAsync($"{{\"error\": {{\"class\": \"{errorClass}\", \"desc\": \"no \\\"such\\\" thing\", \"data\": 1}}}}\n");

        QapiException error = await Assert.ThrowsAsync<QapiException>(() => ping);
        Assert.Equal(expected, error.ErrorClass);
        Assert.Equal("no \"such\" thing", error.Message);
    }

    [Fact]
    public async Task After_a_call_that_took_too_long_the_next_one_gets_its_own_reply_and_not_the_late_one()
    {
        await using GuestClient client = _agent.Client();
        Task<long> slow = client.WithTimeout(TimeSpan.FromSeconds(1)).GuestGetTimeAsync();
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        await agent.ReadAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => slow);

        Task<long> next = client.GuestGetTimeAsync();
        string reply = await agent.ReadSyncAsync();
        await agent.SendAsync("{\"return\": 1}\n" + reply);
        await agent.ReadAsync();
        await agent.SendAsync("{\"return\": 2}\n");

        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task An_agent_that_does_not_answer_the_sync_is_given_up_and_asked_again_by_the_next_call()
    {
        await using GuestClient client = new(
            new UnixTransport(_agent.Path), new GuestClientOptions { Timeout = PlayedAgent.Patience, SyncTimeout = TimeSpan.FromSeconds(1) });
        Task<long> first = client.GuestGetTimeAsync();
        using AgentEnd agent = await _agent.AcceptAsync();
        string late = await agent.ReadSyncAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => first);

        Task<long> next = client.GuestGetTimeAsync();
        await agent.SendAsync(late + await agent.ReadSyncAsync());
        await agent.ReadAsync();
        await agent.SendAsync("{\"return\": 3}\n");

        Assert.Equal(3, await next);
    }

    [Fact]
    public async Task A_call_that_was_cancelled_leaves_the_replies_of_later_ones_to_them()
    {
        await using GuestClient client = _agent.Client();
        using CancellationTokenSource cancellation = new();
        Task<long> first = client.GuestGetTimeAsync(cancellation.Token);
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        await agent.ReadAsync();
        Task<long> second = client.GuestGetTimeAsync();
        await agent.ReadAsync();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await agent.SendAsync("{\"return\": 1}\n{\"return\": 2}\n");

        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task A_thousand_calls_at_once_get_their_own_replies()
    {
        await using GuestClient client = _agent.Client();
        Task<string>[] calls = [.. Enumerable.Range(0, 1000).Select(i => client.SendRawAsync($"{{\"execute\": \"guest-sync\", \"arguments\": {{\"id\": {i}}}}}"))];
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        foreach (Task<string> _ in calls)
        {
            using JsonDocument request = JsonDocument.Parse(await agent.ReadAsync());
            await agent.SendAsync($"{{\"return\": {request.RootElement.GetProperty("arguments").GetProperty("id").GetInt32()}}}\n");
        }

        string[] replies = await Task.WhenAll(calls);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{{\"return\": {i}}}"), replies);
    }

    [Fact]
    public async Task When_the_agent_goes_away_all_who_wait_are_told_and_the_next_call_connects_again()
    {
        await using GuestClient client = _agent.Client();
        Task<long> first = client.GuestGetTimeAsync();
        using (AgentEnd agent = await _agent.AcceptInStepAsync())
        {
            await agent.ReadAsync();
            Task<long> second = client.GuestGetTimeAsync();
            await agent.ReadAsync();
            await agent.SendAsync("{\"return\": 1");
            agent.Dispose();
            await Assert.ThrowsAsync<IOException>(() => first);
            await Assert.ThrowsAsync<IOException>(() => second);
        }

        Task<long> third = client.GuestGetTimeAsync();
        using AgentEnd again = await _agent.AcceptInStepAsync();
        await again.ReadAsync();
        await again.SendAsync("{\"return\": 3}\n");

        Assert.Equal(3, await third);
    }

    [Fact]
    public async Task A_reply_of_many_megabytes_comes_in_one_piece()
    {
        byte[] content = new byte[20 * 1024 * 1024];
        new Random(1).NextBytes(content);
        await using GuestClient client = _agent.Client();
        Task<GuestFileRead> read = client.GuestFileReadAsync(1, content.Length);
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        await agent.ReadAsync();
        await agent.SendAsync($"{{\"return\": {{\"count\": {content.Length}, \"buf-b64\": \"{Convert.ToBase64String(content)}\", \"eof\": true}}}}\n");

        GuestFileRead reply = await read;
        byte[] received = new byte[content.Length];
        int count = 0;
        while (count < received.Length && reply.BufB64.Read(received.AsSpan(count)) is int more && more > 0)
        {
            count += more;
        }

        Assert.Equal(content, received);
    }

    [Fact]
    public async Task Members_that_nobody_knows_are_ignored()
    {
        await using GuestClient client = _agent.Client();
        Task<GuestHostName> name = client.GuestGetHostNameAsync();
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        await agent.ReadAsync();
        await agent.SendAsync("{\"timestamp\": [1, {}], \"return\": {\"future\": {\"a\": [null]}, \"host-name\": \"web1\"}, \"id\": 7}\n");

        Assert.Equal("web1", (await name).HostName);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"return\": \"a string\"}")]
    [InlineData("{\"return\": 99999999999999999999}")]
    [InlineData("{\"error\": \"a string\"}")]
    [InlineData("{\"return\": }")]
    [InlineData("{\"return\": ~}")]
    public async Task A_reply_that_is_none_is_the_link_s_fault(string reply)
    {
        await using GuestClient client = _agent.Client();
        Task<long> time = client.GuestGetTimeAsync();
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        await agent.ReadAsync();
        await agent.SendAsync(reply + "\n");

        await Assert.ThrowsAsync<IOException>(() => time);
    }

    [Fact]
    public async Task A_silent_command_is_done_when_the_sync_behind_it_is_answered()
    {
        await using GuestClient client = _agent.Client();
        Task shutdown = client.GuestShutdownAsync("halt");
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        Assert.Equal("{\"execute\": \"guest-shutdown\", \"arguments\": {\"mode\": \"halt\"}}", await agent.ReadAsync());
        await agent.SendAsync(AgentEnd.ReplyToSync(await agent.ReadAsync()));
        await shutdown;

        Task<long> time = client.GuestGetTimeAsync();
        await agent.ReadAsync();
        await agent.SendAsync("{\"return\": 4}\n");
        Assert.Equal(4, await time);
    }

    [Fact]
    public async Task A_silent_command_is_done_when_the_guest_is_gone()
    {
        await using GuestClient client = _agent.Client();
        Task shutdown = client.GuestShutdownAsync();
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        await agent.ReadAsync();
        agent.Dispose();

        await shutdown;
    }

    [Fact]
    public async Task A_silent_command_fails_with_the_error_of_the_agent_and_the_link_stays_in_step()
    {
        await using GuestClient client = _agent.Client();
        Task shutdown = client.GuestShutdownAsync();
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        await agent.ReadAsync();
        string reply = AgentEnd.ReplyToSync(await agent.ReadAsync());
        await agent.SendAsync("{\"error\": {\"class\": \"GenericError\", \"desc\": \"not now\"}}\n" + reply);
        Assert.Equal("not now", (await Assert.ThrowsAsync<QapiException>(() => shutdown)).Message);

        Task<long> time = client.GuestGetTimeAsync();
        await agent.ReadAsync();
        await agent.SendAsync("{\"return\": 5}\n");
        Assert.Equal(5, await time);
    }

    [Fact]
    public async Task A_raw_request_goes_out_and_its_reply_comes_back_as_they_are()
    {
        await using GuestClient client = _agent.Client();
        Task<string> reply = client.SendRawAsync("{ \"id\":[1],\"execute\":\"guest-x\" }");
        using AgentEnd agent = await _agent.AcceptInStepAsync();
        Assert.Equal("{ \"id\":[1],\"execute\":\"guest-x\" }", await agent.ReadAsync());
        await agent.SendAsync("{ \"error\":{\"class\":\"GenericError\" }}\n");

        Assert.Equal("{ \"error\":{\"class\":\"GenericError\" }}", await reply);
    }

    [Fact]
    public async Task A_socket_that_is_not_there_is_named()
    {
        await using GuestClient client = new(new UnixTransport(_agent.Path + "-not"));

        IOException error = await Assert.ThrowsAsync<IOException>(() => client.GuestPingAsync());
        Assert.Contains(_agent.Path + "-not", error.Message, StringComparison.Ordinal);
    }
}
