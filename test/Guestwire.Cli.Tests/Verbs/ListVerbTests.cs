using System.Text.Json;
using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class ListVerbTests
{
    [Fact]
    public async Task Every_guest_has_a_line_those_shut_off_too()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        FixedGuests guests = new(new Target("web1", new UnixTransport(agent.Path), "running"), new Target("db1", new UnixTransport("/nowhere"), "shut off"));
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Sources = [guests] }, "list");
        Assert.Equal(0, outcome.Code);
        Assert.Equal(
            [
                "Name  State     Agent           System                          Addresses  Found in",
                "web1  running   qemu-ga 7.2.22  Debian GNU/Linux 12 (bookworm)  192.0.2.7  the test",
                "db1   shut off  -               -                               -          the test",
            ],
            outcome.Lines);
    }

    [Fact]
    public async Task A_silent_guest_does_not_keep_the_others_from_the_list()
    {
        await using FakeAgent silent = FakeAgent.Start().IsSilent();
        await using FakeAgent agent = GuestReplies.StartComplete();
        FixedGuests guests = new(new Target("dead", new UnixTransport(silent.Path)), new Target("web1", new UnixTransport(agent.Path)));
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Sources = [guests] }, "list", "--json", "--timeout", "0.2");
        Assert.Equal(0, outcome.Code);
        JsonElement dead = outcome.Json[0];
        Assert.Equal(JsonValueKind.Null, dead.GetProperty("agent").ValueKind);
        Assert.Equal("silent", dead.GetProperty("error").GetString());
        JsonElement web = outcome.Json[1];
        Assert.Equal("guestwire", web.GetProperty("agent").GetProperty("kind").GetString());
        Assert.Equal("192.0.2.7", web.GetProperty("ip-addresses")[0].GetString());
        Assert.Equal(agent.Target, web.GetProperty("target").GetString());
    }

    [Fact]
    public async Task Nobody_is_asked_when_that_is_not_wanted()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        FixedGuests guests = new(new Target("web1", new UnixTransport(agent.Path), "running"));
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Sources = [guests] }, "list", "--no-agent");
        Assert.Equal("web1  running  -      -       -          the test", outcome.Lines[1]);
        Assert.Empty(agent.Requests);
    }

    [Fact]
    public async Task Patterns_choose()
    {
        FixedGuests guests = new(Named("web1"), Named("web2"), Named("db1"), Named("cache"));
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Sources = [guests] }, "list", "--no-agent", "--json", "web?", "cache");
        Assert.Equal(["web1", "web2", "cache"], outcome.Json.EnumerateArray().Select(guest => guest.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_told_and_the_others_are_listed()
    {
        FixedGuests broken = new() { Name = "libvirt", Failure = "it hangs" };
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Sources = [broken, new FixedGuests(Named("web1"))] }, "list", "--no-agent");
        Assert.Equal(5, outcome.Code);
        Assert.Equal("guestwire: libvirt: it hangs\n", outcome.Error);
        Assert.StartsWith("web1", outcome.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_guests_are_no_failure()
    {
        CommandOutcome outcome = await Command.RunAsync("list");
        Assert.Equal(0, outcome.Code);
        Assert.Equal("no guests found\n", outcome.Output);
    }

    private static Target Named(string name) => new(name, new UnixTransport($"/run/{name}"), "running");
}
