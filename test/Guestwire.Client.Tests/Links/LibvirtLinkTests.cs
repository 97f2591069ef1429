using Guestwire.Client.Interop;
using Guestwire.Client.Links;
using Guestwire.Protocol;

namespace Guestwire.Client.Tests.Links;

/// <summary>A link through libvirt; the test is libvirt.</summary>
public sealed class LibvirtLinkTests : IAsyncLifetime, IDisposable
{
    private readonly PlayedDomain _domain = new();
    private readonly ManualTime _time = new();
    private readonly LibvirtLink _link;

    public LibvirtLinkTests() => _link = new LibvirtLink(
        _domain, new GuestClientOptions { Timeout = PlayedAgent.Patience, SyncTimeout = PlayedAgent.Patience }, _time);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _link.DisposeAsync().AsTask();

    public void Dispose() => _domain.Dispose();

    [Fact]
    public async Task Requests_are_made_one_after_the_other_in_their_order()
    {
        RawCall[] calls = [.. Enumerable.Range(0, 100).Select(i => new RawCall($"{{\"execute\": \"c{i}\"}}"))];
        foreach (RawCall call in calls)
        {
            await SendAsync(call);
        }

        for (int i = 0; i < calls.Length; i++)
        {
            _domain.Reply($"{{\"return\":{i}}}");
            Assert.Equal($"{{\"return\":{i}}}", await calls[i].Reply);
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{{\"execute\": \"c{i}\"}}"), _domain.Asked.Select(asked => asked.Request));
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(29.001, 30)]
    [InlineData(0.25, 1)]
    [InlineData(0, 1)]
    [InlineData(-0.001, Libvirt.VIR_DOMAIN_QEMU_AGENT_COMMAND_BLOCK)]
    public async Task A_time_limit_is_whole_seconds_and_none_is_libvirt_s_none(double seconds, int expected)
    {
        RawCall call = new("{}");
        _domain.Reply("{\"return\":{}}");
        await _link.SendAsync(call, TimeSpan.FromSeconds(seconds), CancellationToken.None);
        await call.Reply;

        Assert.Equal(expected, Assert.Single(_domain.Asked).Seconds);
    }

    [Theory]
    [InlineData("The command guest-x has not been found", ErrorClass.CommandNotFound)]
    [InlineData("Command guest-x has been disabled: the command is not allowed", ErrorClass.CommandNotFound)]
    [InlineData("The command guest-x has been disabled for this instance", ErrorClass.CommandNotFound)]
    [InlineData("The command has not been found", ErrorClass.CommandNotFound)]
    [InlineData("handle '7' has not been found", ErrorClass.GenericError)]
    [InlineData("failed to open 'guest-x': No: such", ErrorClass.GenericError)]
    public async Task An_error_of_the_agent_is_one_again(string description, ErrorClass expected)
    {
        TypedCall<bool> call = new("guest-x", null, (_, _) => true);
        _domain.Fail(Libvirt.VIR_ERR_INTERNAL_ERROR, Libvirt.VIR_FROM_QEMU, $"internal error: unable to execute QEMU agent command 'guest-x': {description}");
        await SendAsync(call);

        QapiException error = await Assert.ThrowsAsync<QapiException>(() => call.Result);
        Assert.Equal(expected, error.ErrorClass);
        Assert.Equal(description, error.Message);
    }

    [Fact]
    public async Task A_raw_request_gets_the_error_in_the_envelope_that_the_agent_sent()
    {
        RawCall call = new("{\"execute\": \"guest-x\", \"id\": [1, \"a\"]}");
        _domain.Fail(Libvirt.VIR_ERR_AGENT_COMMAND_FAILED, Libvirt.VIR_FROM_QEMU, "agent: unable to execute QEMU agent command 'guest-x': no \"way\"");
        await SendAsync(call);

        Assert.Equal("{\"id\": [1, \"a\"], \"error\": {\"class\": \"GenericError\", \"desc\": \"no \\\"way\\\"\"}}", await call.Reply);
    }

    [Fact]
    public async Task A_request_without_a_command_gets_the_agent_s_error_too()
    {
        RawCall call = new("{}");
        _domain.Fail(Libvirt.VIR_ERR_INTERNAL_ERROR, Libvirt.VIR_FROM_QEMU, "internal error: unable to execute QEMU agent command '<unknown>': QMP input lacks member 'execute'");
        await SendAsync(call);

        Assert.Equal("{\"error\": {\"class\": \"GenericError\", \"desc\": \"QMP input lacks member 'execute'\"}}", await call.Reply);
    }

    [Theory]
    [InlineData(Libvirt.VIR_ERR_AGENT_UNRESPONSIVE, "Guest agent is not responding: Guest agent not available for now")]
    [InlineData(Libvirt.VIR_ERR_AGENT_UNRESPONSIVE, "Gast-Agent antwortet nicht: etwas anderes")]
    [InlineData(Libvirt.VIR_ERR_AGENT_COMMAND_TIMEOUT, "guest agent command timed out")]
    public async Task No_reply_in_time_is_a_timeout(int code, string message)
    {
        TypedCall<bool> call = new("guest-x", null, (_, _) => true);
        _domain.Fail(code, Libvirt.VIR_FROM_QEMU, message);
        await SendAsync(call);

        await Assert.ThrowsAsync<TimeoutException>(() => call.Result);
        Assert.False(_link.IsBroken);
    }

    [Theory]
    [InlineData(Libvirt.VIR_ERR_AGENT_UNRESPONSIVE, Libvirt.VIR_FROM_QEMU, "Guest agent is not responding: QEMU guest agent is not connected", "running?")]
    [InlineData(Libvirt.VIR_ERR_AGENT_UNRESPONSIVE, Libvirt.VIR_FROM_QEMU, "Guest agent is not responding: QEMU guest agent is not available due to an error", "restarted")]
    [InlineData(Libvirt.VIR_ERR_AGENT_UNRESPONSIVE, Libvirt.VIR_FROM_QEMU, "Guest agent is not responding: Guest agent disappeared while executing command", "ended")]
    [InlineData(Libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED, Libvirt.VIR_FROM_QEMU, "argument unsupported: QEMU guest agent is not configured", "org.qemu.guest_agent.0")]
    [InlineData(Libvirt.VIR_ERR_OPERATION_INVALID, 20, "Requested operation is not valid: domain is not running", "start it")]
    [InlineData(Libvirt.VIR_ERR_RPC, Libvirt.VIR_FROM_RPC, "Unable to encode message payload", "less at once")]
    [InlineData(Libvirt.VIR_ERR_SYSTEM_ERROR, Libvirt.VIR_FROM_QEMU, "No complete agent response found in 10485760 bytes", "less at once")]
    [InlineData(Libvirt.VIR_ERR_INTERNAL_ERROR, 0, "internal error: cannot parse json", "cannot parse json")]
    public async Task What_fails_on_the_way_says_what_to_do(int code, int domain, string message, string advice)
    {
        TypedCall<bool> call = new("guest-x", null, (_, _) => true);
        _domain.Fail(code, domain, message);
        await SendAsync(call);

        Assert.Contains(advice, (await Assert.ThrowsAsync<IOException>(() => call.Result)).Message, StringComparison.Ordinal);
        Assert.False(_link.IsBroken);
    }

    [Fact]
    public async Task Without_its_daemon_the_link_is_broken_and_those_who_wait_are_told()
    {
        _domain.IsConnected = false;
        RawCall first = new("{\"execute\": \"first\"}");
        RawCall second = new("{\"execute\": \"second\"}");
        await SendAsync(first);
        await _domain.WaitUntilAskedAsync();
        await SendAsync(second);
        _domain.Fail(Libvirt.VIR_ERR_INTERNAL_ERROR, Libvirt.VIR_FROM_RPC, "internal error: client socket is closed");

        await Assert.ThrowsAsync<IOException>(() => first.Reply);
        await Assert.ThrowsAsync<IOException>(() => second.Reply);
        Assert.True(_link.IsBroken);
        Assert.Single(_domain.Asked);
        await Assert.ThrowsAsync<IOException>(() => SendAsync(new RawCall("{}")));
        await _domain.Disposed.Task.WaitAsync(PlayedAgent.Patience);
    }

    [Fact]
    public async Task A_call_that_was_given_up_before_its_turn_is_not_made()
    {
        using CancellationTokenSource cancellation = new();
        RawCall first = new("{\"execute\": \"first\"}");
        RawCall late = new("{\"execute\": \"late\"}");
        RawCall cancelled = new("{\"execute\": \"cancelled\"}");
        RawCall last = new("{\"execute\": \"last\"}");
        await SendAsync(first);
        await _domain.WaitUntilAskedAsync();
        await SendAsync(late);
        await _link.SendAsync(cancelled, PlayedAgent.Patience, cancellation.Token);
        await SendAsync(last);

        _link.GiveUp(late);
        await cancellation.CancelAsync();
        _domain.Reply("{\"return\":1}");
        _domain.Reply("{\"return\":2}");

        Assert.Equal("{\"return\":2}", await last.Reply);
        Assert.Equal(["{\"execute\": \"first\"}", "{\"execute\": \"last\"}"], _domain.Asked.Select(asked => asked.Request));
    }

    [Fact]
    public async Task A_silent_command_follows_a_ping_and_nothing_else()
    {
        SilentCall call = new("guest-shutdown", null);
        _domain.Reply("{\"return\":{}}");
        _domain.Fail(Libvirt.VIR_ERR_AGENT_UNRESPONSIVE, Libvirt.VIR_FROM_QEMU, "Guest agent is not responding: Guest agent disappeared while executing command");
        await SendAsync(call);

        await call.Done;
        Assert.Equal(["{\"execute\": \"guest-ping\"}", "{\"execute\": \"guest-shutdown\"}"], _domain.Asked.Select(asked => asked.Request));
    }

    [Theory]
    [InlineData(Libvirt.VIR_ERR_AGENT_UNRESPONSIVE, "Guest agent is not responding: Guest agent not available for now")]
    [InlineData(Libvirt.VIR_ERR_AGENT_COMMAND_TIMEOUT, "guest agent command timed out")]
    public async Task A_silent_command_is_done_when_nobody_answers_it(int code, string message)
    {
        SilentCall call = new("guest-shutdown", null);
        _domain.Reply("{\"return\":{}}");
        _domain.Fail(code, Libvirt.VIR_FROM_QEMU, message);
        await SendAsync(call);

        await call.Done;
    }

    [Fact]
    public async Task A_silent_command_is_done_when_it_is_answered_after_all()
    {
        SilentCall call = new("guest-suspend-ram", null);
        _domain.Reply("{\"return\":{}}");
        _domain.Reply("{\"return\":{}}");
        await SendAsync(call);

        await call.Done;
    }

    [Fact]
    public async Task A_silent_command_fails_with_the_error_of_the_agent()
    {
        SilentCall call = new("guest-shutdown", null);
        _domain.Reply("{\"return\":{}}");
        _domain.Fail(Libvirt.VIR_ERR_INTERNAL_ERROR, Libvirt.VIR_FROM_QEMU, "internal error: unable to execute QEMU agent command 'guest-shutdown': not now");
        await SendAsync(call);

        Assert.Equal("not now", (await Assert.ThrowsAsync<QapiException>(() => call.Done)).Message);
    }

    [Fact]
    public async Task A_silent_command_is_not_sent_to_an_agent_that_is_not_there()
    {
        _domain.Fail(Libvirt.VIR_ERR_AGENT_UNRESPONSIVE, Libvirt.VIR_FROM_QEMU, "Guest agent is not responding: Guest agent not available for now");

        await Assert.ThrowsAsync<TimeoutException>(() => SendAsync(new SilentCall("guest-shutdown", null)));
        Assert.Single(_domain.Asked);
    }

    [Theory]
    [InlineData(Libvirt.VIR_ERR_AGENT_UNRESPONSIVE, "Guest agent is not responding: QEMU guest agent is not connected", typeof(IOException))]
    [InlineData(Libvirt.VIR_ERR_AGENT_UNSYNCED, "guest agent replied with wrong id to guest-sync command", typeof(TimeoutException))]
    public async Task A_silent_command_that_the_agent_did_not_get_is_not_done(int code, string message, Type expected)
    {
        SilentCall call = new("guest-shutdown", null);
        _domain.Reply("{\"return\":{}}");
        _domain.Fail(code, Libvirt.VIR_FROM_QEMU, message);
        await SendAsync(call);

        await Assert.ThrowsAsync(expected, () => call.Done);
    }

    [Theory]
    [InlineData(192 * 1024, true)]
    [InlineData((192 * 1024) + 1, false)]
    public async Task A_request_that_would_not_get_through_whole_is_not_sent(int size, bool isSent)
    {
        const string Empty = "{\"execute\": \"\"}\n";
        RawCall call = new($"{{\"execute\": \"{new string('x', size - Empty.Length)}\"}}");
        _domain.Reply("{\"return\":{}}");
        if (isSent)
        {
            await SendAsync(call);
            await call.Reply;
        }
        else
        {
            await Assert.ThrowsAsync<IOException>(() => SendAsync(call));
        }

        Assert.Equal(isSent ? 1 : 0, _domain.Asked.Count);
    }

    [Fact]
    public async Task A_sync_over_which_libvirt_would_lose_the_agent_is_not_sent()
    {
        await Assert.ThrowsAsync<IOException>(() => SendAsync(new RawCall("{\"execute\": \"guest-sync-delimited\", \"arguments\": {\"id\": 1}}")));
        Assert.Empty(_domain.Asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"return\":")]
    [InlineData("~")]
    [InlineData("[]")]
    public async Task A_reply_that_is_none_is_the_link_s_fault(string reply)
    {
        TypedCall<bool> call = new("guest-x", null, (_, _) => true);
        _domain.Reply(reply);
        await SendAsync(call);
        await Assert.ThrowsAsync<IOException>(() => call.Result);

        RawCall next = new("{}");
        _domain.Reply("{\"return\":{}}");
        await SendAsync(next);
        Assert.Equal("{\"return\":{}}", await next.Reply);
    }

    [Fact]
    public async Task A_call_that_hangs_long_after_its_time_makes_the_link_a_broken_one_that_nobody_waits_for()
    {
        RawCall call = new("{\"execute\": \"guest-x\"}");
        await _link.SendAsync(call, TimeSpan.FromSeconds(30), CancellationToken.None);
        await _domain.WaitUntilAskedAsync();
        _time.Pass(TimeSpan.FromSeconds(40));
        Assert.False(_link.IsBroken);
        _time.Pass(TimeSpan.FromSeconds(10));
        Assert.True(_link.IsBroken);

        await _link.DisposeAsync();

        Assert.True(_domain.IsAbandoned);
        Assert.False(_domain.Disposed.Task.IsCompleted);
        _domain.Reply("{\"return\":{}}");
        await _domain.Disposed.Task.WaitAsync(PlayedAgent.Patience);
    }

    private async Task SendAsync(PendingCall call) => await _link.SendAsync(call, PlayedAgent.Patience, CancellationToken.None);
}
