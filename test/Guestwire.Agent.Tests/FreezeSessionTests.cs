namespace Guestwire.Agent.Tests;

/// <summary>Freezing as hosts see it, several of them at once.</summary>
public sealed class FreezeSessionTests : IDisposable
{
    private readonly SessionBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Status_waits_for_a_freeze_that_another_host_asked_for()
    {
        using Host freezing = _bench.Connect().Host;
        using Host asking = _bench.Connect().Host;
        StartFreeze(freezing);

        asking.Ask("guest-fsfreeze-status");
        _bench.Parts.Turn();
        Assert.Equal("", asking.Read());

        _bench.Parts.Freezer.Open();
        Assert.Equal("{\"return\": \"frozen\"}\n", Answer(asking));
        Assert.Equal("{\"return\": 1}\n", Answer(freezing));
    }

    [Fact]
    public void While_a_freeze_is_under_way_other_hosts_may_touch_no_disk()
    {
        using Host freezing = _bench.Connect().Host;
        using Host asking = _bench.Connect().Host;
        StartFreeze(freezing);

        asking.Ask("guest-get-time");
        asking.Ask("guest-ping");
        _bench.Parts.Turn();

        Assert.Equal(
            "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"Command guest-get-time has been disabled: the command is not allowed\"}}\n{\"return\": {}}\n",
            asking.Read());
    }

    [Fact]
    public void A_thaw_gives_the_commands_back()
    {
        using Host host = _bench.Connect().Host;
        StartFreeze(host);
        _bench.Parts.Freezer.Open();
        Assert.Equal("{\"return\": 1}\n", Answer(host));

        host.Ask("guest-fsfreeze-thaw");
        Assert.Equal("{\"return\": 1}\n", Answer(host));

        host.Ask("guest-fsfreeze-status");
        Assert.Equal("{\"return\": \"thawed\"}\n", Answer(host));
        host.Ask("guest-get-time");
        Assert.StartsWith("{\"return\": ", Answer(host), StringComparison.Ordinal);
    }

    private void StartFreeze(Host host)
    {
        _bench.Parts.Freezer.IsGated = true;
        host.Ask("guest-fsfreeze-freeze");

        // The freeze waits for the loop before it begins, so the loop must turn until it has begun.
        _bench.Parts.TurnUntil(_bench.Parts.Freezer.HasEntered);
    }

    private string Answer(Host host)
    {
        string reply = "";
        _bench.Parts.TurnUntil(() => (reply += host.Read()).EndsWith('\n'));
        return reply;
    }
}
