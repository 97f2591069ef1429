using System.Text.Json;
using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class TopVerbTests
{
    [Fact]
    public async Task Rates_come_of_two_samples()
    {
        await using FakeAgent agent = Busy(GuestReplies.StartComplete());
        CommandOutcome outcome = await Command.RunAsync(Jumping(), "top", agent.Target, "--count", "1", "--interval", "2");
        Assert.Equal(0, outcome.Code);
        Assert.Equal($"{agent.Target}   2026-07-01 12:00:02 +00:00", outcome.Lines[0]);
        Assert.Equal("load 0.50 0.25 0.13   1 processors 25.0 % busy, 12.5 % waiting for disks, 12.5 % stolen   memory 1.0 GiB of 4.0 GiB", outcome.Lines[1]);
        Assert.Equal("disks read 512 KiB/s, write 1.0 MiB/s   network in 1.0 KiB/s, out 0 B/s", outcome.Lines[2]);
        Assert.Equal(["7", "root", "R", "50.0", "%", "1.0", "MiB", "/bin/busy", "-x"], outcome.Lines[4].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["2", "0", "I", "0.0", "%", "0", "B", "[kthreadd]"], outcome.Lines[5].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Json_has_a_line_for_each_sample()
    {
        await using FakeAgent agent = Busy(GuestReplies.StartComplete());
        CommandOutcome outcome = await Command.RunAsync(Jumping(), "top", agent.Target, "--count", "2", "--json", "--processes", "1");
        Assert.Equal(2, outcome.JsonLines.Length);
        JsonElement first = outcome.JsonLines[0];
        Assert.Equal(25, first.GetProperty("cpus")[0].GetProperty("busy-percent").GetDouble());
        Assert.Equal(524288, first.GetProperty("disks")[0].GetProperty("read-bytes-per-second").GetDouble());
        Assert.Equal(1024, first.GetProperty("interfaces")[0].GetProperty("rx-bytes-per-second").GetDouble());
        Assert.Equal(50, Assert.Single(first.GetProperty("processes").EnumerateArray()).GetProperty("cpu-percent").GetDouble());
        Assert.Equal(0, outcome.JsonLines[1].GetProperty("cpus")[0].GetProperty("busy-percent").GetDouble());
    }

    [Fact]
    public async Task An_agent_that_knows_little_shows_little()
    {
        await using FakeAgent agent = FakeAgent.Start();
        CommandOutcome outcome = await Command.RunAsync(Jumping(), "top", agent.Target, "--count", "1");
        Assert.Equal(0, outcome.Code);
        Assert.Equal("disks not known   network not known", outcome.Lines[1]);
        JsonElement json = (await Command.RunAsync(Jumping(), "top", agent.Target, "--count", "1", "--json")).Json;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("processes").ValueKind);
    }

    [Fact]
    public async Task Of_several_guests_one_that_is_gone_does_not_stop_the_others()
    {
        await using FakeAgent agent = Busy(GuestReplies.StartComplete());
        using TemporaryFolder folder = new();
        string gone = $"unix:{folder.File("gone")}";
        CommandOutcome outcome = await Command.RunAsync(Jumping(), "top", agent.Target, gone, "--count", "1", "--json");
        Assert.Equal(5, outcome.Code);
        Assert.Equal(25, outcome.JsonLines[0].GetProperty("result").GetProperty("cpus")[0].GetProperty("busy-percent").GetDouble());
        Assert.Equal(gone, outcome.JsonLines[1].GetProperty("guest").GetString());
        Assert.Equal(3, outcome.JsonLines[1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task On_a_terminal_q_ends_it_and_the_first_screen_is_back()
    {
        await using FakeAgent agent = Busy(GuestReplies.StartComplete());
        CommandSurroundings terminal = new() { IsTerminal = true, ReadKeyAsync = () => Task.FromResult('q') };
        CommandOutcome outcome = await Command.RunAsync(terminal, "top", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.StartsWith("\e[?1049h", outcome.Output, StringComparison.Ordinal);
        Assert.EndsWith("\e[?1049l", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_batch_prints_as_in_a_pipe()
    {
        await using FakeAgent agent = Busy(GuestReplies.StartComplete());
        CommandOutcome outcome = await Command.RunAsync(Jumping() with { IsTerminal = true }, "top", agent.Target, "--batch", "--count", "1");
        Assert.DoesNotContain('\e', outcome.Output);
    }

    [Fact]
    public async Task Names_and_patterns_are_taken()
    {
        await using FakeAgent agent = Busy(GuestReplies.StartComplete());
        FixedGuests guests = new(new Target("web1", new UnixTransport(agent.Path)));
        CommandOutcome outcome = await Command.RunAsync(Jumping() with { Sources = [guests] }, "top", "w*", "--count", "1");
        Assert.StartsWith("web1   ", outcome.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--interval", "0")]
    [InlineData("--count", "-1")]
    public async Task Options_out_of_range_are_refused(string option, string value) =>
        Assert.Equal(2, (await Command.RunAsync("top", "unix:/nowhere", option, value)).Code);

    private static CommandSurroundings Jumping() => new() { Time = new JumpingTime() };

    private static FakeAgent Busy(FakeAgent agent) => agent
        .ReturnsInTurn("guest-get-cpustats", Cpu(0, 0, 0, 0), Cpu(500, 1000, 250, 250))
        .ReturnsInTurn("guest-get-diskstats", Disk(0, 0), Disk(2048, 4096))
        .ReturnsInTurn("guest-network-get-interfaces", Card(0), Card(2048))
        .ReturnsInTurn("__org.guestwire_get-processes", Processes(0), Processes(1_000_000_000));

    private static string Cpu(int user, int idle, int iowait, int steal) =>
        $"[{{\"type\": \"linux\", \"cpu\": 0, \"user\": {user}, \"nice\": 0, \"system\": 0, \"idle\": {idle}, \"iowait\": {iowait}, \"steal\": {steal}}}]";

    // The partition is on the disk: what goes to it is not counted twice.
    private static string Disk(int read, int written) =>
        $"[{Device("vda", read, written)}, {Device("vda1", read, written)}, {Device("dm-0", read, written)}]";

    private static string Device(string name, int read, int written) =>
        $"{{\"name\": \"{name}\", \"major\": 1, \"minor\": 1, \"stats\": {{\"read-sectors\": {read}, \"write-sectors\": {written}}}}}";

    private static string Card(int received) =>
        $"[{{\"name\": \"eth0\", \"statistics\": {{\"rx-bytes\": {received}, \"rx-packets\": 0, \"rx-errs\": 0, \"rx-dropped\": 0, \"tx-bytes\": 0, \"tx-packets\": 0, \"tx-errs\": 0, \"tx-dropped\": 0}}}}]";

    private static string Processes(long cpu) => $$"""
        {"more": false, "processes": [
          {"pid": 2, "parent": 0, "user-id": 0, "name": "kthreadd", "state": "I", "threads": 1, "cpu-ns": 0, "started-ns": 1, "resident-bytes": 0},
          {"pid": 7, "parent": 1, "user-id": 0, "user": "root", "name": "busy", "command": "/bin/busy -x", "state": "R", "threads": 1, "cpu-ns": {{cpu}}, "started-ns": 5, "resident-bytes": 1048576}]}
        """;
}
