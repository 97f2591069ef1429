using Guestwire.Agent.State;

namespace Guestwire.Agent.Tests;

/// <summary>A host that froze and does not thaw.</summary>
public sealed class AutoThawTests : IDisposable
{
    private readonly AgentParts _parts;
    private readonly SessionBench _bench;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public AutoThawTests()
    {
        _bench = new SessionBench(settings: new FreezeSettings { AutoThaw = 60 * Second, AutoThawIdle = 10 * Second });
        _parts = _bench.Parts;
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void However_much_a_host_asks_for_the_hard_limit_thaws()
    {
        using Host host = _bench.Connect().Host;
        Freeze(host);
        for (int second = 0; second < 59; second++)
        {
            _parts.Time.Advance(Second);
            host.Ask("guest-ping");
            Assert.Equal("{\"return\": {}}\n", Answer(host));
        }

        host.Ask("guest-fsfreeze-status");
        Assert.Equal("{\"return\": \"frozen\"}\n", Answer(host));

        _parts.Time.Advance(Second);
        _parts.TurnUntil(() => _parts.Log.Text.Contains("1 filesystems have been thawed", StringComparison.Ordinal));

        Assert.Empty(_parts.Freezer.Frozen);
        Assert.Contains("filesystems were frozen for 60 seconds (auto-thaw): thawing without being asked", _parts.Log.Text, StringComparison.Ordinal);
        AssertHostLearns(host);
    }

    [Fact]
    public void When_no_host_asks_for_anything_the_idle_limit_thaws()
    {
        using Host host = _bench.Connect().Host;
        Freeze(host);
        _parts.Time.Advance(9 * Second);
        host.Ask("guest-ping");
        Assert.Equal("{\"return\": {}}\n", Answer(host));
        _parts.Time.Advance(9 * Second);
        _parts.Turn();
        host.Ask("guest-fsfreeze-status");
        Assert.Equal("{\"return\": \"frozen\"}\n", Answer(host));

        _parts.Time.Advance(10 * Second);
        _parts.TurnUntil(() => _parts.Log.Text.Contains("1 filesystems have been thawed", StringComparison.Ordinal));

        Assert.Empty(_parts.Freezer.Frozen);
        Assert.Contains(
            "filesystems were frozen and no host asked for anything for 10 seconds (auto-thaw-idle): thawing without being asked", _parts.Log.Text, StringComparison.Ordinal);
        AssertHostLearns(host);
    }

    [Fact]
    public void The_timer_of_a_freeze_that_is_over_does_not_cut_the_next_one_short()
    {
        using Host host = _bench.Connect().Host;
        Freeze(host);
        _parts.Time.Advance(6 * Second);
        host.Ask("guest-fsfreeze-thaw");
        Assert.Equal("{\"return\": 1}\n", Answer(host));
        Freeze(host);

        _parts.Time.Advance(9 * Second);
        _parts.Turn();
        host.Ask("guest-fsfreeze-status");
        Assert.Equal("{\"return\": \"frozen\"}\n", Answer(host));
        Assert.DoesNotContain("without being asked", _parts.Log.Text, StringComparison.Ordinal);

        _parts.Time.Advance(10 * Second);
        _parts.TurnUntil(() => _parts.Log.Text.Contains("1 filesystems have been thawed", StringComparison.Ordinal));
    }

    private void AssertHostLearns(Host host)
    {
        host.Ask("guest-fsfreeze-status");
        Assert.Equal("{\"return\": \"thawed\"}\n", Answer(host));
        host.Ask("guest-fsfreeze-thaw");
        Assert.Equal("{\"return\": 0}\n", Answer(host));
    }

    private void Freeze(Host host)
    {
        host.Ask("guest-fsfreeze-freeze");
        Assert.Equal("{\"return\": 1}\n", Answer(host));
    }

    private string Answer(Host host)
    {
        string reply = "";
        _parts.TurnUntil(() => (reply += host.Read()).EndsWith('\n'));
        return reply;
    }
}
