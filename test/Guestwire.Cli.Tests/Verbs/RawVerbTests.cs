namespace Guestwire.Cli.Tests.Verbs;

public sealed class RawVerbTests
{
    [Fact]
    public async Task A_request_goes_out_as_it_is_and_its_reply_comes_back_as_it_is()
    {
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-get-host-name", "{\"host-name\":  \"web1\"}");
        CommandOutcome outcome = await Command.RunAsync("raw", agent.Target, "{\"execute\": \"guest-get-host-name\"}");
        Assert.Equal(0, outcome.Code);
        Assert.Equal("{\"return\": {\"host-name\":  \"web1\"}}\n", outcome.Output);
    }

    [Fact]
    public async Task A_request_is_read_from_standard_input_when_there_is_no_argument()
    {
        await using FakeAgent agent = FakeAgent.Start();
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Input = "{\"execute\": \"guest-ping\"}\n" }, "raw", agent.Target);
        Assert.Equal("{\"return\": {}}\n", outcome.Output);
    }

    [Fact]
    public async Task An_error_is_printed_and_fails()
    {
        await using FakeAgent agent = FakeAgent.Start();
        CommandOutcome outcome = await Command.RunAsync("raw", agent.Target, "{\"execute\": \"guest-dance\"}");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("CommandNotFound", outcome.Output, StringComparison.Ordinal);
    }
}
