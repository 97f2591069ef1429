using EndToEnd.ProcessSuite;

namespace EndToEnd.Hooks;

/// <summary>packaging/hooks/redis and a real server.</summary>
[Trait("Suite", "hooks")]
public sealed class RedisHookTests : IDisposable
{
    // It never saves by itself within a test.
    private static readonly string[] s_saving = ["--save", "86400 1000000"];

    private readonly Sandbox.TemporaryFolder _folder = new();
    private readonly ReadyHook _hook;

    public RedisHookTests() => _hook = new ReadyHook("redis", _folder.Path, "reply_timeout=3", "save_timeout=20", "hold_limit=300");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("no")]
    [InlineData("yes")]
    public void Writers_wait_all_that_they_were_acknowledged_is_in_the_snapshot_and_after_the_thaw_they_go_on(string appendOnly)
    {
        using RedisServer server = Start([.. s_saving, "--appendonly", appendOnly]);
        using AcknowledgedWriter writer = server.StartWriter();
        writer.WaitForMore();

        _hook.Do("freeze");
        WaitUntilWriterWaits(server);
        int acknowledged = writer.Acknowledged;
        string read = server.Ask("LLEN acknowledged");
        string image = server.TakeSnapshot();
        Assert.Equal(acknowledged, writer.Acknowledged);
        _hook.Do("thaw");
        writer.WaitForMore();

        Assert.Equal($"{acknowledged}", read);
        using RedisServer restored = new(image, [.. s_saving, "--appendonly", appendOnly]);
        Assert.Equal($"{acknowledged}", restored.Ask("LLEN acknowledged"));
        Assert.Equal($"{acknowledged}", restored.Ask("LINDEX acknowledged -1"));
        string log = restored.Stop();
        Assert.Contains("DB loaded from " + (appendOnly == "yes" ? "append only file" : "disk"), log, StringComparison.Ordinal);
        Assert.DoesNotContain("truncat", log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("error", log, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_save_that_was_under_way_is_not_taken_for_its_own()
    {
        // Each key takes the child that saves a tenth of a second.
        using RedisServer server = Start([.. s_saving, "--rdb-key-save-delay", "100000"]);
        for (int i = 0; i < 10; i++)
        {
            server.Ask($"SET key{i} value");
        }

        server.Ask("BGSAVE");
        server.Ask("SET late value");
        server.Ask("CONFIG SET rdb-key-save-delay 0");
        _hook.Do("freeze");
        string image = server.TakeSnapshot();
        _hook.Do("thaw");

        using RedisServer restored = new(image, s_saving);
        Assert.Equal("value", restored.Ask("GET late"));
    }

    [Fact]
    public void When_nobody_ever_thaws_writers_go_on_after_a_while()
    {
        _hook.Set("hold_limit=15");
        using RedisServer server = Start(s_saving);
        using AcknowledgedWriter writer = server.StartWriter();
        _hook.Do("freeze");
        WaitUntilWriterWaits(server);

        writer.WaitForMore();
        _hook.WaitUntilNothingIsLeft();
    }

    [Fact]
    public void A_server_that_does_not_answer_fails_it_within_its_limit()
    {
        using RedisServer server = Start(s_saving);
        using AcknowledgedWriter writer = server.StartWriter();
        using (server.Halt())
        {
            Assert.Equal((1, "Redis: no answer within 3 s\n"), _hook.Call("freeze"));
            _hook.WaitUntilNothingIsLeft();
        }

        writer.WaitForMore();
    }

    [Fact]
    public void A_save_that_does_not_end_fails_it_within_its_limit_and_writers_go_on()
    {
        _hook.Set("save_timeout=2");
        using RedisServer server = Start([.. s_saving, "--rdb-key-save-delay", "10000000"]);
        using AcknowledgedWriter writer = server.StartWriter();
        writer.WaitForMore();

        Assert.Equal((1, "Redis: not on disk after 2 s\n"), _hook.Call("freeze"));

        writer.WaitForMore();
    }

    [Fact]
    public void Where_nothing_is_to_be_saved_nothing_is()
    {
        using RedisServer server = Start(["--save", ""]);
        server.Ask("SET key value");

        _hook.Do("freeze");
        _hook.Do("thaw");

        Assert.Empty(Directory.GetFiles(server.Data));
    }

    [Fact]
    public void A_thaw_without_a_freeze_harms_nobody()
    {
        using RedisServer server = Start(s_saving);
        using AcknowledgedWriter writer = server.StartWriter();

        _hook.Do("thaw");
        _hook.Do("thaw");

        writer.WaitForMore();
    }

    [Fact]
    public void Where_none_runs_it_does_nothing()
    {
        using RedisServer server = Start(s_saving);
        server.Stop(kill: true);
        Assert.True(File.Exists(server.Socket));
        _hook.Do("freeze");
        _hook.Do("thaw");

        _hook.Set("socket=/no/such/socket");
        _hook.Do("freeze");
        _hook.Do("thaw");
    }

    private RedisServer Start(string[] settings)
    {
        RedisServer server = new(null, settings);
        _hook.Set("socket=" + server.Socket);
        return server;
    }

    private static void WaitUntilWriterWaits(RedisServer server) => RunningAgent.WaitUntil(
        () => server.Ask("INFO clients").Contains("blocked_clients:1", StringComparison.Ordinal), "the writer to wait");
}
