using System.Text.Json.Nodes;
using Guestwire.Agent.Interop.Linux;
using static Guestwire.Agent.Tests.Host;

namespace Guestwire.Agent.Tests;

public sealed class SessionTests : IDisposable
{
    private const string SlowCommand = "guest-get-fsinfo";
    private readonly SessionBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Requests_sent_together_are_answered_in_order()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Send(string.Concat(Enumerable.Range(1, 500).Select(Sync)));
            _bench.Parts.Turn();

            Assert.Equal(string.Concat(Enumerable.Range(1, 500).Select(Answer)), host.Read());
        }
    }

    [Fact]
    public void A_request_that_comes_byte_by_byte_is_answered_when_it_is_whole()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            string request = Sync(77).TrimEnd();
            foreach (char letter in request[..^1])
            {
                host.Send(letter.ToString());
                _bench.Parts.Turn();
                Assert.Equal("", host.Read());
            }

            host.Send("}");
            _bench.Parts.Turn();

            Assert.Equal(Answer(77), host.Read());
        }
    }

    [Fact]
    public void Half_a_request_of_one_host_is_not_completed_by_another()
    {
        (Host first, _) = _bench.Connect();
        (Host second, _) = _bench.Connect();
        using (second)
        {
            first.Send("""{"execute": "guest-sync", "arguments": {"id": """);
            _bench.Parts.Turn();
            first.Dispose();
            second.Send("4242}}\n" + Sync(5));
            _bench.Parts.Turn();

            Assert.DoesNotContain("4242}", second.Read().Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
            second.Send("\u00FF" + Sync(6));
            _bench.Parts.Turn();
            Assert.EndsWith(Answer(6), second.Read(), StringComparison.Ordinal);
            _bench.Parts.TurnUntil(() => _bench.Ended == 1);
        }
    }

    [Fact]
    public void A_worker_sends_its_reply_while_the_loop_is_elsewhere()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Ask(SlowCommand);
            _bench.Parts.Loop.RunOnce(10_000);
            _bench.Parts.Storage.WaitUntilEntered();
            _bench.Parts.Storage.Open();

            // The loop does not turn.
            string reply = "";
            AgentParts.WaitUntil(() => (reply += host.Read()).Length > 0);

            Assert.Equal("{\"return\": []}\n", reply);
        }
    }

    [Fact]
    public void What_a_busy_host_does_not_take_of_a_workers_reply_the_loop_sends()
    {
        const int Bytes = 3 * 1024 * 1024;
        File.WriteAllBytes(_bench.Parts["data"], new byte[Bytes]);
        (Host host, Session session) = _bench.Connect();
        using (host)
        {
            host.Send($$$"""{"execute": "guest-file-open", "arguments": {"path": "{{{_bench.Parts["data"]}}}"}}""" + "\n");
            string opened = "";
            _bench.Parts.TurnUntil(() => (opened += host.Read()).EndsWith('\n'));
            long handle = (long)JsonNode.Parse(opened)!["return"]!;
            host.Send($$$"""{"execute": "guest-file-read", "arguments": {"handle": {{{handle}}}, "count": {{{Bytes}}}}}""" + "\n" + Sync(3));

            // It does not read until the worker has given up on it and the loop waits for it.
            _bench.Parts.TurnUntil(() => session.Events == Libc.POLLOUT);
            string replies = "";
            _bench.Parts.TurnUntil(() => (replies += host.Read()).EndsWith(Answer(3), StringComparison.Ordinal));

            Assert.Equal(Convert.ToBase64String(new byte[Bytes]), (string?)JsonNode.Parse(replies.Split('\n')[0])!["return"]!["buf-b64"]);
        }
    }

    [Fact]
    public void A_host_that_does_not_read_is_waited_for_and_loses_nothing()
    {
        (Host host, Session session) = _bench.Connect();
        using (host)
        {
            int sent = 0;
            Fill(session, () => host.Send(Sync(++sent) + """{"execute": "guest-info"}""" + "\n"));

            string replies = "";
            string more;
            while ((more = host.Read()).Length > 0)
            {
                replies += more;
                _bench.Parts.Turn();
            }

            string[] lines = replies.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(2 * sent, lines.Length);
            Assert.Equal(Enumerable.Range(1, sent).Select(id => Answer(id).TrimEnd()), lines.Where((_, index) => index % 2 == 0));
            Assert.Equal(Libc.POLLIN, session.Events);
        }
    }

    [Fact]
    public void A_host_that_leaves_replies_unread_does_not_disturb_another()
    {
        (Host first, Session session) = _bench.Connect();
        (Host second, _) = _bench.Connect();
        using (second)
        {
            Fill(session, () => first.Ask("guest-info"));

            first.Dispose();
            second.Send(Sync(1));
            _bench.Parts.Turn();

            Assert.Equal(Answer(1), second.Read());
            _bench.Parts.TurnUntil(() => _bench.Ended == 1);
        }
    }

    [Fact]
    public void A_host_that_has_finished_sending_still_gets_its_replies()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Send(Sync(1) + Sync(2));
            host.FinishSending();
            _bench.Parts.Turn();

            Assert.Equal(Answer(1) + Answer(2), host.Read());
            _bench.Parts.TurnUntil(() => host.IsClosed);
            Assert.Equal(1, _bench.Ended);
        }
    }

    [Fact]
    public void A_host_that_has_finished_sending_still_gets_the_reply_of_a_slow_command()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Ask(SlowCommand);
            host.FinishSending();
            _bench.Parts.Turn();
            Assert.Equal(0, _bench.Ended);

            _bench.Parts.Storage.Open();
            _bench.Parts.TurnUntil(() => _bench.Ended == 1);

            Assert.Equal("{\"return\": []}\n", host.Read());
        }
    }

    [Fact]
    public void While_a_slow_command_runs_other_hosts_are_served()
    {
        (Host slow, _) = _bench.Connect();
        (Host quick, _) = _bench.Connect();
        using (slow)
        using (quick)
        {
            slow.Ask(SlowCommand);
            _bench.Parts.Turn();
            _bench.Parts.Storage.WaitUntilEntered();
            quick.Send(Sync(9));
            _bench.Parts.Turn();

            Assert.Equal(Answer(9), quick.Read());
            Assert.Equal("", slow.Read());

            _bench.Parts.Storage.Open();
            string reply = "";
            _bench.Parts.TurnUntil(() => (reply += slow.Read()).Length > 0);
            Assert.Equal("{\"return\": []}\n", reply);
        }
    }

    [Fact]
    public void Replies_before_a_slow_command_do_not_wait_for_it()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Send(Sync(3));
            host.Ask(SlowCommand);
            _bench.Parts.Turn();
            _bench.Parts.Storage.WaitUntilEntered();

            Assert.Equal(Answer(3), host.Read());
        }
    }

    [Fact]
    public void A_slow_command_of_a_host_that_does_not_read_waits_until_it_does()
    {
        (Host host, Session session) = _bench.Connect();
        using (host)
        {
            Fill(session, () => host.Ask("guest-info"));

            // It stands behind replies that wait; so it must wait with them, and with it what comes behind it.
            host.Ask(SlowCommand);
            host.Send(Sync(4));
            _bench.Parts.Storage.Open();

            string replies = "";
            _bench.Parts.TurnUntil(() => (replies += host.Read()).EndsWith(Answer(4), StringComparison.Ordinal));

            Assert.EndsWith("{\"return\": []}\n" + Answer(4), replies, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Requests_behind_a_slow_command_are_answered_after_it()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Ask(SlowCommand);
            host.Send(Sync(1) + Sync(2));
            _bench.Parts.Turn();
            Assert.Equal("", host.Read());

            _bench.Parts.Storage.Open();
            string replies = "";
            _bench.Parts.TurnUntil(() => (replies += host.Read()).EndsWith(Answer(2), StringComparison.Ordinal));

            Assert.Equal("{\"return\": []}\n" + Answer(1) + Answer(2), replies);
        }
    }

    [Fact]
    public void A_sync_that_comes_late_is_answered_at_once_and_the_late_reply_is_dropped()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Send(Sync(1));
            host.Ask(SlowCommand);
            _bench.Parts.Turn();
            _bench.Parts.Storage.WaitUntilEntered();
            _bench.Parts.Time.Advance(TimeSpan.FromMilliseconds(1001));
            host.Send(Sync(2));
            _bench.Parts.Turn();
            Assert.Equal(Answer(1) + Answer(2), host.Read());

            _bench.Parts.Storage.Open();
            string log = "";
            _bench.Parts.TurnUntil(() => (log = _bench.Parts.Log.Text).Contains($"{SlowCommand} answered", StringComparison.Ordinal));
            host.Send(Sync(3));
            _bench.Parts.Turn();

            Assert.Equal(Answer(3), host.Read());
        }
    }

    [Fact]
    public void The_byte_that_clears_the_line_comes_late_and_starts_anew_too()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Ask(SlowCommand);
            _bench.Parts.Turn();
            _bench.Parts.Time.Advance(TimeSpan.FromSeconds(2));
            host.Send("\u00FF" + """{"execute": "guest-sync-delimited", "arguments": {"id": 8}}""" + "\n");
            _bench.Parts.Turn();

            Assert.EndsWith("\u00FF" + Answer(8), host.Read(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_late_request_than_a_sync_waits_its_turn()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Ask(SlowCommand);
            _bench.Parts.Turn();
            _bench.Parts.Time.Advance(TimeSpan.FromMinutes(10));
            host.Ask("guest-ping");
            _bench.Parts.Turn();

            Assert.Equal("", host.Read());
        }
    }

    [Fact]
    public void A_late_sync_is_found_behind_requests_that_were_sent_before_and_they_are_dropped_with_the_command()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Ask(SlowCommand);
            host.Ask("guest-ping");
            host.Send("{\"execute\": \"guest-pi");
            _bench.Parts.Turn();
            _bench.Parts.Time.Advance(TimeSpan.FromSeconds(2));
            host.Send("ng\"}\n");
            host.Ask("guest-ping");
            _bench.Parts.Turn();
            Assert.Equal("", host.Read());

            host.Send(Sync(5) + Sync(6));
            _bench.Parts.Turn();

            Assert.Equal(Answer(5) + Answer(6), host.Read());
        }
    }

    [Fact]
    public void A_late_sync_in_the_middle_of_a_reply_ends_the_line_that_will_not_be_finished()
    {
        const int Bytes = 2 * 48 * 1024;
        using GatedFiles files = new();
        using SessionBench bench = new(files);
        (Host host, _) = bench.Connect();
        using (host)
        {
            // So much is made at once and sent; then the disk hangs.
            host.Send($"{{\"execute\": \"guest-file-read\", \"arguments\": {{\"handle\": 1, \"count\": {Bytes}}}}}");
            string reply = "";
            bench.Parts.TurnUntil(() => (reply += host.Read()).Length >= Bytes);
            files.WaitUntilEntered();
            bench.Parts.Time.Advance(TimeSpan.FromSeconds(2));
            host.Send(Sync(7) + Sync(8));
            string rest = "";
            bench.Parts.TurnUntil(() => (rest += host.Read()).EndsWith(Answer(8), StringComparison.Ordinal));

            Assert.DoesNotContain('\n', reply);
            Assert.Equal("\n" + Answer(7) + Answer(8), rest);
        }
    }

    [Fact]
    public void A_host_is_heard_only_so_far_while_its_command_runs()
    {
        (Host host, Session session) = _bench.Connect();
        using (host)
        {
            host.Ask(SlowCommand);
            _bench.Parts.Turn();
            for (int i = 0; i < 40; i++)
            {
                host.Send(new string(' ', 64 * 1024));
                _bench.Parts.Turn();
                if (session.Events == 0)
                {
                    return;
                }
            }

            Assert.Fail("the session takes whatever it is sent");
        }
    }

    [Fact]
    public void A_host_that_is_gone_while_its_command_runs_costs_nothing_and_the_session_ends_with_the_command()
    {
        (Host host, Session session) = _bench.Connect();
        host.Ask(SlowCommand);
        host.Send(Sync(1));
        _bench.Parts.Turn();
        _bench.Parts.Storage.WaitUntilEntered();

        host.Dispose();
        _bench.Parts.Turn();
        Assert.Equal(-1, session.Descriptor);
        Assert.Equal(0, _bench.Ended);

        _bench.Parts.Storage.Open();
        _bench.Parts.TurnUntil(() => _bench.Ended == 1);
    }

    [Fact]
    public void A_session_that_is_disposed_of_while_its_command_runs_leaves_the_command_its_memory()
    {
        (Host host, Session session) = _bench.Connect();
        using (host)
        {
            host.Ask(SlowCommand);
            _bench.Parts.Turn();
            _bench.Parts.Storage.WaitUntilEntered();

            session.Dispose();
            _bench.Parts.Storage.Open();
            _bench.Parts.TurnUntil(() => _bench.Parts.Log.Text.Contains($"{SlowCommand} answered", StringComparison.Ordinal));
            _bench.Parts.Turn();

            Assert.DoesNotContain("bug", _bench.Parts.Log.Text, StringComparison.Ordinal);
            Assert.Equal("", host.Read());
        }
    }

    [Fact]
    public void A_bug_in_a_command_is_an_internal_error_and_the_session_lives_on()
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Ask("guest-get-diskstats");
            host.Send(Sync(1));
            _bench.Parts.Turn();

            Assert.Equal("{\"error\": {\"class\": \"GenericError\", \"desc\": \"internal error\"}}\n" + Answer(1), host.Read());
            Assert.Contains("InvalidOperationException: a bug", _bench.Parts.Log.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_read_of_a_megabyte_comes_whole_and_what_was_asked_next_comes_behind_it()
    {
        byte[] content = new byte[1_000_000];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(_bench.Parts["file"], content);
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Send($"{{\"execute\": \"guest-file-open\", \"arguments\": {{\"path\": \"{_bench.Parts["file"]}\"}}}}");
            string opened = "";
            _bench.Parts.TurnUntil(() => (opened += host.Read()).EndsWith('\n'));
            string handle = opened["{\"return\": ".Length..].TrimEnd('}', '\n');
            host.Send("{\"execute\": \"guest-file-read\", \"id\": \"read\", \"arguments\": {\"count\": 2000000, \"handle\": " + handle + "}}" + Sync(1));
            string replies = "";
            _bench.Parts.TurnUntil(() => (replies += host.Read()).EndsWith(Answer(1), StringComparison.Ordinal));

            string expected = $"{{\"return\": {{\"count\": 1000000, \"buf-b64\": \"{Convert.ToBase64String(content)}\", \"eof\": true}}, \"id\": \"read\"}}\n{Answer(1)}";
            Assert.True(
                SameMembers(expected, replies), $"{replies.Length} characters: {replies[..Math.Min(80, replies.Length)]} ... {replies[^Math.Min(120, replies.Length)..]}");
        }
    }

    /// <summary>
    /// Has a host ask and not read until the session waits for it: nothing is asked of poll(2) but room for output, and there is none, so
    /// the loop rests.
    /// </summary>
    private void Fill(Session session, Action ask)
    {
        Span<Libc.PollFd> now = stackalloc Libc.PollFd[1];
        for (int rounds = 0; ; rounds++)
        {
            Assert.True(rounds < 100_000, "the agent takes requests without end");
            if (session.Events == Libc.POLLIN)
            {
                ask();
            }

            _bench.Parts.Loop.RunOnce(0);
            now[0] = new() { Descriptor = session.Descriptor, Events = session.Events };
            if (session.Events == Libc.POLLOUT && Libc.Poll(now, 1, 0) == 0)
            {
                return;
            }
        }
    }

    private static bool SameMembers(string expected, string actual)
    {
        JsonNode[] wanted = [.. expected.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        JsonNode[] got = [.. actual.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        return wanted.Length == got.Length && wanted.Zip(got).All(pair => JsonNode.DeepEquals(pair.First, pair.Second));
    }
}
