using System.Text.Json;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class InfoVerbTests
{
    [Fact]
    public async Task A_page_tells_all_that_the_agent_knows()
    {
        await using FakeAgent agent = GuestReplies.StartComplete();
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Time = new JumpingTime() }, "info", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Equal(
            [
                "name         web1",
                "system       Debian GNU/Linux 12 (bookworm)",
                "kernel       6.1.0, x86_64",
                "clock        2026-07-01 14:00:01 +02:00 (CEST), 1.500 s ahead of the host's",
                "load         0.50 0.25 0.13",
                "processors   1 of 2 online",
                "memory       1.0 GiB of 4.0 GiB used",
                "network      eth0  192.0.2.7/24, fe80::1/64",
                "filesystems  /      ext4, 1.5 GiB of 4.0 GiB used, 38 %",
                "             /data  xfs",
                "users        root",
                "agent        Guestwire, protocol 10.2.0",
                "writes       not frozen",
            ],
            outcome.Lines);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task What_an_old_agent_lacks_is_left_out_with_a_remark_and_is_null_in_json()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        CommandOutcome text = await Command.RunAsync("info", agent.Target);
        Assert.Equal(0, text.Code);
        Assert.DoesNotContain(text.Lines, line => line.StartsWith("load", StringComparison.Ordinal));
        Assert.Contains("not known    load: the agent has no guest-get-load", text.Lines);
        Assert.Contains("             memory: the agent has no __org.guestwire_get-memory", text.Lines);
        JsonElement json = (await Command.RunAsync("info", agent.Target, "--json")).Json;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("load").ValueKind);
        Assert.Equal("the agent has no guest-get-load", json.GetProperty("not-known").GetProperty("load").GetString());
        Assert.Equal("qemu-ga", json.GetProperty("agent").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task What_the_administrator_denies_is_not_asked_for()
    {
        await using FakeAgent agent = GuestReplies.StartComplete().Disables("guest-get-users").Disables("guest-get-fsinfo");
        CommandOutcome outcome = await Command.RunAsync("info", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("            disabled in the guest: guest-get-fsinfo, guest-get-users", outcome.Lines);
        Assert.Contains("            users: guest-get-users is disabled in the guest", outcome.Lines);
        Assert.DoesNotContain(agent.Requests, request => request.Contains("guest-get-users", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fails_is_told_with_the_agents_own_words()
    {
        await using FakeAgent agent = GuestReplies.StartComplete().Fails("guest-get-osinfo", "cannot read os-release");
        CommandOutcome outcome = await Command.RunAsync("info", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("not known    osinfo: guest-get-osinfo: cannot read os-release", outcome.Lines);
    }

    [Fact]
    public async Task The_clock_is_asked_first_and_what_may_wait_for_a_disk_last()
    {
        await using FakeAgent agent = GuestReplies.StartComplete();
        await Command.RunAsync("info", agent.Target);
        string[] commands = [.. agent.Requests.Select(request => JsonDocument.Parse(request).RootElement.GetProperty("execute").GetString()!)];
        Assert.Equal("guest-info", commands[0]);
        Assert.Equal("guest-get-time", commands[1]);
        Assert.Equal("guest-get-fsinfo", commands[^1]);
        Assert.Equal(12, commands.Length);
    }

    [Fact]
    public async Task All_questions_are_on_their_way_before_the_first_is_answered()
    {
        await using FakeAgent agent = GuestReplies.StartComplete();
        TaskCompletionSource all = new();
        agent.HoldsRepliesUntil(all.Task, command => command == "guest-get-time");
        agent.OnRequest = command =>
        {
            if (command == "guest-get-fsinfo")
            {
                all.SetResult();
            }
        };
        Assert.Equal(0, (await Command.RunAsync("info", agent.Target)).Code);
    }

    [Fact]
    public async Task An_agent_that_does_not_even_tell_what_it_can_is_asked_for_everything()
    {
        await using FakeAgent agent = GuestReplies.StartStock().Disables("guest-info");
        CommandOutcome outcome = await Command.RunAsync("info", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("name         web1", outcome.Lines);
        Assert.Contains("not known    agent: Command guest-info has been disabled", outcome.Lines);
    }

    [Fact]
    public async Task Frozen_filesystems_are_told_loudly()
    {
        await using FakeAgent agent = GuestReplies.StartStock().Returns("guest-fsfreeze-status", "\"frozen\"");
        CommandOutcome outcome = await Command.RunAsync("info", agent.Target);
        Assert.Contains(outcome.Lines, line => line.StartsWith("writes       FROZEN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_guest_cannot_write_on_the_terminal_where_it_likes()
    {
        await using FakeAgent agent = GuestReplies.StartStock().Returns("guest-get-host-name", """{"host-name": "a\u001b[2Jb"}""");
        CommandOutcome outcome = await Command.RunAsync("info", agent.Target);
        Assert.Contains("name         a\uFFFD[2Jb", outcome.Lines);
    }

    [Fact]
    public async Task Json_names_are_those_of_the_wire()
    {
        await using FakeAgent agent = GuestReplies.StartComplete();
        JsonElement json = (await Command.RunAsync(new CommandSurroundings { Time = new JumpingTime() }, "info", agent.Target, "--json")).Json;
        Assert.Equal("web1", json.GetProperty("host-name").GetString());
        Assert.Equal("Debian GNU/Linux 12 (bookworm)", json.GetProperty("osinfo").GetProperty("pretty-name").GetString());
        Assert.Equal(7200, json.GetProperty("timezone").GetProperty("offset").GetInt32());
        Assert.Equal(1.5, json.GetProperty("time").GetProperty("offset-seconds").GetDouble());
        Assert.Equal(2, json.GetProperty("vcpus").GetArrayLength());
        Assert.Equal(4294967296, json.GetProperty("memory").GetProperty("total-bytes").GetInt64());
        Assert.Equal(1610612736, json.GetProperty("fsinfo")[0].GetProperty("used-bytes").GetInt64());
        Assert.Equal("thawed", json.GetProperty("fsfreeze-status").GetString());
        Assert.Equal("guestwire", json.GetProperty("agent").GetProperty("kind").GetString());
    }
}
