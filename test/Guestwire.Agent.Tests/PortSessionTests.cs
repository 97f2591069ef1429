using Guestwire.Agent.Interop.Linux;
using static Guestwire.Agent.Tests.Host;

namespace Guestwire.Agent.Tests;

/// <summary>A session on a port that outlives its hosts, and whose kernel says late that one came or left.</summary>
public sealed class PortSessionTests : IDisposable
{
    // Far more than a socket takes before anybody reads, and what a stream sends at once.
    private const int LargeBytes = 3 * 1024 * 1024;
    private const int SmallBytes = 49_152;

    private readonly GatedFiles _files = new();
    private readonly SessionBench _bench;
    private readonly FakePort _port;
    private readonly Session _session;

    public PortSessionTests()
    {
        _bench = new SessionBench(_files);
        _port = FakePort.At(_bench.Parts["port"]);
        _session = _bench.Serve(_port);
    }

    public void Dispose()
    {
        _bench.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void A_host_whose_words_came_before_the_kernel_told_of_it_is_answered_though_the_last_ones_reply_is_half_out()
    {
        _port.Host.Send(Read(LargeBytes) + Sync(2) + Sync(3));
        _bench.Parts.TurnUntil(() => _session.Events == Libc.POLLOUT);

        string[] lines = HearOfTheNext(3);

        Assert.StartsWith("{\"return\": {\"buf-b64\": \"AAAA", lines[0], StringComparison.Ordinal);
        Assert.InRange(lines[0].Length, 1, LargeBytes);
        Assert.Equal([Answer(2), Answer(3)], lines[1..]);
    }

    [Fact]
    public void A_host_whose_words_came_before_the_kernel_told_of_it_is_answered_though_the_last_ones_command_still_runs()
    {
        _port.Host.Send(Read(SmallBytes) + Sync(2) + Sync(3));
        string begun = "";
        _bench.Parts.TurnUntil(() => (begun += _port.Host.Read()).Length >= SmallBytes);
        _files.WaitUntilEntered();

        Assert.Equal(["\n", Answer(2), Answer(3)], HearOfTheNext(3));
        Assert.DoesNotContain('\n', begun);
    }

    [Fact]
    public void What_a_host_left_reaches_no_other_one_when_nobody_has_come_yet()
    {
        _port.Host.Send(Read(LargeBytes) + Sync(2) + "{");
        _bench.Parts.TurnUntil(() => _session.Events == Libc.POLLOUT);
        Leave();
        _port.Host.Read();

        _port.Arrive();
        _port.Host.Send(Sync(3));
        string heard = "";
        _bench.Parts.TurnUntil(() => (heard += _port.Host.Read()).EndsWith('\n'));

        Assert.Equal(Answer(3), heard);
    }

    [Fact]
    public void What_lies_there_without_a_host_is_dropped_when_no_host_has_come_for_a_while()
    {
        Leave();

        // It may be the next host's, of whom the kernel will tell.
        Pass(TimeSpan.FromSeconds(0.3));
        Assert.Equal(0, _port.Drops);
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _port.Drops);
    }

    [Fact]
    public void The_time_runs_from_the_last_departure()
    {
        Leave();
        Pass(TimeSpan.FromSeconds(0.3));

        _port.ArriveAndLeave();
        WaitUntilLookedAt();
        Pass(TimeSpan.FromSeconds(0.1));
        Pass(TimeSpan.FromSeconds(0.3));
        Assert.Equal(0, _port.Drops);
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _port.Drops);
    }

    private static string Read(int bytes) =>
        $$$"""{"execute": "guest-file-read", "arguments": {"handle": 1, "count": {{{bytes}}}}}""" + "\n";

    /// <summary>The host leaves and another one is there at once.</summary>
    /// <returns>What the port gives from now on to the end of that answer, by lines.</returns>
    private string[] HearOfTheNext(int answer)
    {
        _port.Leave(anotherIsThere: true);
        WaitUntilLookedAt();
        string heard = "";
        _bench.Parts.TurnUntil(() => (heard += _port.Host.Read()).EndsWith(Answer(answer), StringComparison.Ordinal));
        return [.. heard.Split('\n')[..^1].Select(line => line + "\n")];
    }

    private void Leave()
    {
        _port.Leave(anotherIsThere: false);
        WaitUntilLookedAt();
    }

    /// <summary>Lets time pass until the session has looked who is there.</summary>
    private void WaitUntilLookedAt()
    {
        int looks = _port.Looks;
        _bench.Parts.TurnUntil(() =>
        {
            if (_port.Looks == looks)
            {
                _bench.Parts.Time.Advance(TimeSpan.FromSeconds(0.01));
                return false;
            }

            return true;
        });
    }

    private void Pass(TimeSpan time)
    {
        _bench.Parts.Time.Advance(time);
        _bench.Parts.Turn();
    }
}
