using EndToEnd.ProcessSuite;
using SystemProcess = System.Diagnostics.Process;

namespace EndToEnd.Hooks;

/// <summary>packaging/hooks/mysql and a real MariaDB.</summary>
[Trait("Suite", "hooks")]
public sealed class MysqlHookTests : IClassFixture<MysqlServer>, IDisposable
{
    private const int SigKill = 9;
    private const string CountWaiting = "SELECT count(*) FROM information_schema.processlist WHERE info LIKE 'INSERT%' AND state LIKE 'Waiting for%lock'";

    private const string CountFlushing = "SELECT count(*) FROM information_schema.processlist WHERE info LIKE 'FLUSH TABLES%' AND state LIKE 'Waiting for%'";

    private readonly MysqlServer _server;
    private readonly Sandbox.TemporaryFolder _folder = new();
    private readonly ReadyHook _hook;

    public MysqlHookTests(MysqlServer server)
    {
        _server = server;
        _hook = new ReadyHook(
            "mysql", _folder.Path, "socket=" + server.Socket, "options=--no-defaults", "connect_timeout=3", "lock_timeout=20", "hold_limit=300");
    }

    public void Dispose()
    {
        // A test that failed may have left the server locked for the next one.
        _hook.Call("thaw");
        _folder.Dispose();
    }

    [Fact]
    public void Writers_wait_all_that_they_were_acknowledged_is_in_the_snapshot_and_after_the_thaw_they_go_on()
    {
        using AcknowledgedWriter writer = _server.StartWriter();
        writer.WaitForMore();

        _hook.Do("freeze");
        WaitUntilWritersWait();
        int acknowledged = writer.Acknowledged;
        string read = _server.Ask("SELECT max(n) FROM d.acknowledged");
        string image = _server.TakeSnapshot();
        Assert.Equal(acknowledged, writer.Acknowledged);
        _hook.Do("thaw");
        writer.WaitForMore();
        _hook.WaitUntilNothingIsLeft();

        Assert.Equal($"{acknowledged}", read);
        using MysqlServer restored = new(image);

        // Only a table without transactions that was closed is passed over by a fast check.
        Assert.Equal(
            "d.acknowledged\tcheck\tstatus\tOK\nd.plain\tcheck\tstatus\tTable is already up to date",
            restored.Ask("CHECK TABLE d.acknowledged, d.plain FAST"));
        Assert.Equal($"{acknowledged}\t{acknowledged}", restored.Ask("SELECT count(*), max(n) FROM d.acknowledged"));

        // The writer's first statement of two: the lock may have come between them, and then nothing of the number was acknowledged yet.
        Assert.Contains(
            restored.Ask("SELECT count(*), max(n) FROM d.plain"),
            new[] { $"{acknowledged}\t{acknowledged}", $"{acknowledged + 1}\t{acknowledged + 1}" });
        string log = restored.Stop();
        Assert.Contains("ready for connections", log, StringComparison.Ordinal);
        Assert.DoesNotContain("[ERROR]", log, StringComparison.Ordinal);
        Assert.DoesNotContain("marked as crashed", log, StringComparison.Ordinal);
    }

    [Fact]
    public void When_its_client_is_killed_writers_go_on_and_the_thaw_clears_up()
    {
        using AcknowledgedWriter writer = _server.StartWriter();
        _hook.Do("freeze");
        WaitUntilWritersWait();

        foreach (int process in _hook.Left)
        {
            if (File.ReadAllText($"/proc/{process}/comm") == "mariadb\n")
            {
                Assert.Equal(0, NativeCalls.Kill(process, SigKill));
            }
        }

        writer.WaitForMore();
        _hook.Do("thaw");
        _hook.WaitUntilNothingIsLeft();
    }

    [Fact]
    public void When_nobody_ever_thaws_writers_go_on_after_a_while()
    {
        _hook.Set("hold_limit=15");
        using AcknowledgedWriter writer = _server.StartWriter();
        _hook.Do("freeze");
        WaitUntilWritersWait();

        writer.WaitForMore();
        RunningAgent.WaitUntil(() => !_hook.Left.Any(), "the hook's processes to end");
        _hook.Do("thaw");
        Assert.False(Directory.Exists(_hook.State));
    }

    [Fact]
    public void However_often_and_in_which_order_it_is_called_a_thaw_ends_the_lock()
    {
        using AcknowledgedWriter writer = _server.StartWriter();
        _hook.Do("thaw");
        _hook.Do("freeze");
        _hook.Do("freeze");
        WaitUntilWritersWait();

        _hook.Do("thaw");
        _hook.Do("thaw");

        writer.WaitForMore();
        _hook.WaitUntilNothingIsLeft();
    }

    [Fact]
    public void Killed_half_way_it_leaves_nothing_that_a_thaw_does_not_end()
    {
        using AcknowledgedWriter writer = _server.StartWriter();
        using (_server.LockBusyTable())
        {
            using SystemProcess freeze = _hook.Start("freeze");
            WaitUntilHookWaits();
            freeze.Kill();
            freeze.WaitForExit();
            _hook.Do("thaw");
        }

        writer.WaitForMore();
        _hook.WaitUntilNothingIsLeft();
    }

    [Fact]
    public void A_statement_that_takes_too_long_fails_it_and_writers_go_on()
    {
        _hook.Set("lock_timeout=2");
        using AcknowledgedWriter writer = _server.StartWriter();
        using (_server.LockBusyTable())
        {
            (int status, string said) = _hook.Call("freeze");

            Assert.Equal(1, status);
            Assert.Contains("Lock wait timeout exceeded", said, StringComparison.Ordinal);
            writer.WaitForMore();
            _hook.WaitUntilNothingIsLeft();
        }
    }

    [Fact]
    public void A_server_that_does_not_answer_fails_it_within_its_limit_and_nothing_is_left()
    {
        using AcknowledgedWriter writer = _server.StartWriter();
        using (_server.Halt())
        {
            (int status, string said) = _hook.Call("freeze");

            Assert.Equal(1, status);
            Assert.StartsWith("MySQL: ERROR 2013", said, StringComparison.Ordinal);
            _hook.WaitUntilNothingIsLeft();
        }

        writer.WaitForMore();
    }

    [Fact]
    public void A_thaw_ends_the_lock_of_a_server_that_did_not_answer_for_a_while()
    {
        using AcknowledgedWriter writer = _server.StartWriter();
        _hook.Do("freeze");
        WaitUntilWritersWait();
        using (_server.Halt())
        {
            _hook.Do("thaw");
            _hook.WaitUntilNothingIsLeft();
        }

        writer.WaitForMore();
    }

    [Fact]
    public void Where_none_runs_it_does_nothing()
    {
        using (MysqlServer dead = new())
        {
            dead.Stop(kill: true);
            Assert.True(File.Exists(dead.Socket));
            _hook.Set("socket=" + dead.Socket);
            _hook.Do("freeze");
            _hook.WaitUntilNothingIsLeft();
        }

        _hook.Do("freeze");
        _hook.Do("thaw");
        _hook.WaitUntilNothingIsLeft();
    }

    private void WaitUntilWritersWait() => RunningAgent.WaitUntil(() => _server.Ask(CountWaiting) == "1", "the writer to wait");

    private void WaitUntilHookWaits() => RunningAgent.WaitUntil(() => _server.Ask(CountFlushing) == "1", "the hook to wait");
}
