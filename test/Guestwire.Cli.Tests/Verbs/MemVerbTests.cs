using System.Text;
using System.Text.Json;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class MemVerbTests
{
    private const string Blocks = """
        [{"phys-index": 0, "online": true, "can-offline": true}, {"phys-index": 1, "online": true, "can-offline": true},
         {"phys-index": 32, "online": false, "can-offline": true}]
        """;

    [Fact]
    public async Task Memory_is_told_by_the_agent_when_it_can()
    {
        await using FakeAgent agent = GuestReplies.StartComplete().Returns("guest-get-memory-blocks", Blocks).Returns("guest-get-memory-block-info", "{\"size\": 134217728}");
        CommandOutcome outcome = await Command.RunAsync("mem", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("used       1.0 GiB", outcome.Lines);
        Assert.Contains("blocks     2 of 128 MiB online: 0-1", outcome.Lines);
        Assert.Contains("           1 of 128 MiB offline: 32", outcome.Lines);
        JsonElement json = (await Command.RunAsync("mem", agent.Target, "--json")).Json;
        Assert.Equal(3221225472, json.GetProperty("memory").GetProperty("available-bytes").GetInt64());
        Assert.Equal(134217728, json.GetProperty("memory-block-info").GetProperty("size").GetInt64());
    }

    [Fact]
    public async Task Memory_is_read_from_a_file_where_the_agent_cannot_tell()
    {
        string content = Convert.ToBase64String(Encoding.ASCII.GetBytes("MemTotal:  2048 kB\nMemFree:  512 kB\nMemAvailable:  1024 kB\nSwapTotal: 1024 kB\nSwapFree: 1024 kB\n"));
        await using FakeAgent agent = FakeAgent.Start("7.2.22")
            .Returns("guest-file-open", "1000")
            .ReturnsInTurn("guest-file-read", $"{{\"count\": 84, \"buf-b64\": \"{content}\", \"eof\": true}}", "{\"count\": 0, \"buf-b64\": \"\", \"eof\": true}")
            .Returns("guest-file-close", "{}");
        CommandOutcome outcome = await Command.RunAsync("mem", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("total      2.0 MiB", outcome.Lines);
        Assert.Contains("swap       0 B of 1.0 MiB used", outcome.Lines);
        Assert.Contains("blocks     not known: the agent has no guest-get-memory-blocks", outcome.Lines);
        Assert.Contains(agent.Requests, request => request.Contains("guest-file-close", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_agent_that_tells_nothing_of_memory_fails()
    {
        await using FakeAgent agent = FakeAgent.Start().Disables("guest-file-open");
        CommandOutcome outcome = await Command.RunAsync("mem", agent.Target);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("memory  not known: the agent has no __org.guestwire_get-memory", outcome.Lines);
    }

    [Fact]
    public async Task Blocks_are_switched_and_those_refused_are_told()
    {
        await using FakeAgent agent = GuestReplies.StartComplete()
            .Returns("guest-get-memory-blocks", Blocks)
            .Returns("guest-set-memory-blocks", """[{"phys-index": 32, "response": "success"}, {"phys-index": 33, "response": "operation-failed", "error-code": 16}]""");
        CommandOutcome outcome = await Command.RunAsync("mem", agent.Target, "--online", "32-33");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("refused    block 33: operation-failed, error 16 of the system", outcome.Lines);
        JsonElement json = (await Command.RunAsync("mem", agent.Target, "--offline", "32", "--json")).Json;
        Assert.Equal("success", json.GetProperty("responses")[0].GetProperty("response").GetString());
    }
}
