using System.Text;
using Guestwire.Agent.Daemon.Logging;

namespace Guestwire.Agent.Daemon.Tests.Logging;

public sealed class DaemonLogTests
{
    private readonly Recorder _recorder = new();

    [Fact]
    public void Only_errors_and_criticals_are_kept_by_default()
    {
        DaemonLog log = Create(verbose: false);
        foreach (LogLevel level in Enum.GetValues<LogLevel>())
        {
            log.Log(level, "x");
        }

        Assert.Equal(["1000.000000: error: x", "1000.000000: critical: x"], _recorder.Lines);
        Assert.False(log.IsVerbose);
    }

    [Fact]
    public void Everything_is_kept_when_verbose()
    {
        DaemonLog log = Create(verbose: true);
        log.Log(LogLevel.Debug, "x");
        Assert.Equal(["1000.000000: debug: x"], _recorder.Lines);
        Assert.True(log.IsVerbose);
    }

    [Fact]
    public void Accounts_go_to_the_system_whatever_the_level()
    {
        Create(verbose: false).Account("guest-ping called");
        Assert.Equal(["system: guest-ping called"], _recorder.Lines);
    }

    [Fact]
    public void Nothing_is_written_while_held_and_everything_in_order_afterwards()
    {
        DaemonLog log = Create(verbose: true);
        log.Hold();
        log.Hold();
        log.Log(LogLevel.Info, "one");
        log.Account("two");
        log.Log(LogLevel.Critical, "three");
        Assert.Empty(_recorder.Lines);

        log.Release();
        log.Release();
        log.Log(LogLevel.Info, "four");
        Assert.Equal(
            ["1000.000000: info: one", "system: two", "1000.000000: critical: three", "1000.000000: info: four"],
            _recorder.Lines);
    }

    [Fact]
    public void Held_lines_take_bounded_memory_and_the_loss_is_told()
    {
        DaemonLog log = Create(verbose: false);
        log.Hold();
        string half = new('x', DaemonLog.MaxHeldChars / 2);
        for (int i = 0; i < 5; i++)
        {
            log.Log(LogLevel.Error, half);
        }

        log.Release();
        Assert.Equal(3, _recorder.Lines.Count);
        Assert.Equal("1000.000000: critical: 3 log lines were lost while filesystems were frozen", _recorder.Lines[2]);
    }

    [Fact]
    public void A_second_hold_begins_with_all_its_room()
    {
        DaemonLog log = Create(verbose: false);
        string full = new('x', DaemonLog.MaxHeldChars);
        for (int i = 0; i < 2; i++)
        {
            log.Hold();
            log.Log(LogLevel.Error, full);
            log.Release();
        }

        Assert.Equal(2, _recorder.Lines.Count);
    }

    [Fact]
    public void Audit_lines_are_written_as_they_are_and_wait_like_the_rest()
    {
        DaemonLog log = Create(verbose: false);
        Assert.True(log.HasAudit);
        log.Hold();
        log.Audit("{\"command\": \"guest-fsfreeze-freeze\"}\n");
        Assert.Empty(_recorder.Lines);

        log.Release();

        Assert.Equal(["{\"command\": \"guest-fsfreeze-freeze\"}"], _recorder.Lines);
    }

    [Fact]
    public void Without_a_place_for_them_there_are_no_audit_lines() =>
        Assert.False(new DaemonLog(_recorder, _recorder, audit: null, new StoppedClock(), verbose: true).HasAudit);

    private DaemonLog Create(bool verbose) => new(_recorder, _recorder, _recorder, new StoppedClock(), verbose);

    private sealed class Recorder : ILogSink, ISystemLog
    {
        public List<string> Lines { get; } = [];

        public void Write(ReadOnlySpan<byte> line) => Lines.Add(Encoding.UTF8.GetString(line).TrimEnd('\n'));

        public void Write(string text) => Lines.Add($"system: {text}");
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(1000);
    }
}
