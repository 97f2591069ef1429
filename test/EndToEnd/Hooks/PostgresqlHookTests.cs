using System.Text.RegularExpressions;
using EndToEnd.ProcessSuite;

namespace EndToEnd.Hooks;

/// <summary>packaging/hooks/postgresql and a real server.</summary>
[Trait("Suite", "hooks")]
public sealed partial class PostgresqlHookTests : IClassFixture<PostgresqlServer>, IDisposable
{
    private readonly PostgresqlServer _server;
    private readonly Sandbox.TemporaryFolder _folder = new();
    private readonly ReadyHook _hook;

    public PostgresqlHookTests(PostgresqlServer server)
    {
        _server = server;
        _hook = new ReadyHook("postgresql", _folder.Path, "sockets=" + server.SocketFolder, "connect_timeout=3", "checkpoint_timeout=20");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_acknowledged_before_the_freeze_is_in_the_snapshot_and_writers_never_wait()
    {
        using AcknowledgedWriter writer = _server.StartWriter();
        writer.WaitForMore();
        int acknowledged = writer.Acknowledged;
        string position = _server.Ask("SELECT pg_current_wal_insert_lsn()");

        _hook.Do("freeze");
        writer.WaitForMore();
        string image = _server.TakeSnapshot();
        _hook.Do("thaw");
        writer.WaitForMore();

        // It needs nothing from before the freeze, and what was not waited for is there.
        string begin = CheckpointOf(image);
        using PostgresqlServer restored = new(image);
        Assert.Equal("t", restored.Ask($"SELECT pg_lsn '{begin}' >= pg_lsn '{position}'"));
        Assert.Equal("t", restored.Ask($"SELECT count(*) = max(n) AND max(n) >= {acknowledged} FROM acknowledged"));
        AssertHasRecoveredWell(restored.Stop());
    }

    [Fact]
    public void A_server_that_does_not_answer_fails_it_within_its_limit_and_nothing_is_left()
    {
        using (_server.Halt())
        {
            (int status, string said) = _hook.Call("freeze");

            Assert.Equal(1, status);
            Assert.Contains("timeout expired", said, StringComparison.Ordinal);
        }

        _hook.Do("thaw");
        _hook.WaitUntilNothingIsLeft();
    }

    [Fact]
    public void A_checkpoint_that_does_not_end_fails_it_within_its_limit_and_nothing_is_left()
    {
        _hook.Set("checkpoint_timeout=2");
        using (_server.HaltChild("checkpointer"))
        {
            (int status, string said) = _hook.Call("freeze");

            Assert.Equal(1, status);
            Assert.Contains("statement timeout", said, StringComparison.Ordinal);
        }

        _hook.WaitUntilNothingIsLeft();
        RunningAgent.WaitUntil(() => _server.Ask("SELECT count(*) FROM pg_stat_activity WHERE query = 'CHECKPOINT' AND state = 'active'") == "0", "the session to end");
    }

    [Fact]
    public void Where_none_runs_it_does_nothing()
    {
        using (PostgresqlServer dead = new())
        {
            dead.Stop(kill: true);
            Assert.NotEmpty(Directory.GetFiles(dead.SocketFolder, ".s.PGSQL.*"));
            _hook.Set("sockets=" + dead.SocketFolder);
            _hook.Do("freeze");
            _hook.Do("thaw");
        }

        _hook.Set("sockets=/no/such/folder");
        _hook.Do("freeze");
        _hook.Do("thaw");
    }

    /// <summary>Where recovery of an image would begin.</summary>
    private static string CheckpointOf(string image)
    {
        (int status, string output) = RunningAgent.Run(PostgresqlServer.Program("pg_controldata"), image);
        Assert.Equal(0, status);
        return Regex.Match(output, @"REDO location:\s+(\S+)").Groups[1].Value;
    }

    private static void AssertHasRecoveredWell(string log)
    {
        Assert.Contains("automatic recovery in progress", log, StringComparison.Ordinal);
        Assert.DoesNotMatch(Trouble(), log);
    }

    // While it recovers, who asks whether it is ready is turned away with a FATAL, which is none.
    [GeneratedRegex("PANIC|ERROR|WARNING|corrupt|FATAL(?!:  the database system is (starting up|not yet accepting connections))")]
    private static partial Regex Trouble();
}
