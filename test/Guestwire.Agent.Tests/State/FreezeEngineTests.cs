using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.State;

public sealed class FreezeEngineTests : IDisposable
{
    private static readonly Mount A = new(254, 0, "/a", "ext4", "/dev/vda");
    private static readonly Mount B = new(254, 16, "/b", "ext4", "/dev/vdb");
    private static readonly Mount C = new(254, 32, "/c", "ext4", "/dev/vdc");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guestwire-");
    private readonly FakeFreezer _freezer = new();
    private readonly FreezeState _state = new();
    private readonly RecordedLog _log = new();
    private readonly EventLoop _loop = new();
    private readonly RecordedHook _hook;
    private readonly FreezeEngine _engine;
    private Action _waitForLoop = () => { };

    public FreezeEngineTests()
    {
        _hook = new RecordedHook(_freezer.Events);
        _engine = Create();
    }

    private string MarkerPath => Path.Combine(_folder.FullName, "qga.state.isfrozen");

    public void Dispose()
    {
        _freezer.Dispose();
        _loop.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void All_freeze_after_the_hook_and_thaw_in_reverse_before_it()
    {
        Assert.Equal(3, Freeze());
        Assert.True(_engine.IsFrozen);
        Assert.Equal(3, _engine.Thaw());
        Assert.False(_engine.IsFrozen);

        Assert.Equal(["hook freeze", "freeze /c", "freeze /b", "freeze /a", "thaw /a", "thaw /b", "thaw /c", "hook thaw"], _freezer.Events);
    }

    [Fact]
    public void Should_the_agent_die_while_a_hook_runs_the_next_one_knows()
    {
        List<bool> isMarked = [];
        _hook.WhenCalled = () => isMarked.Add(File.Exists(MarkerPath));
        Freeze();
        _engine.Thaw();
        _hook.Failing = "freeze";
        Assert.Throws<QapiException>(() => Freeze());

        Assert.Equal([true, true, true, true], isMarked);
        Assert.False(File.Exists(MarkerPath));
    }

    [Fact]
    public void Before_the_first_filesystem_freezes_policy_loop_marker_and_log_are_ready_and_afterwards_they_are_as_before()
    {
        bool policyWasClosed = false;
        _waitForLoop = () => policyWasClosed = _state.IsFrozen && !_log.IsHeld && _freezer.Frozen.Count == 0;
        Freeze();
        Assert.True(policyWasClosed);
        Assert.True(_log.IsHeld);
        Assert.True(File.Exists(MarkerPath));

        _engine.Thaw();
        Assert.False(_state.IsFrozen);
        Assert.False(_log.IsHeld);
        Assert.False(File.Exists(MarkerPath));
    }

    [Fact]
    public void Only_those_chosen_freeze_by_any_of_their_mountpoints()
    {
        Assert.Equal(2, Freeze("/c", "/nope", "/bind", "/c"));

        Assert.Equal(["/c", "/a"], _freezer.Frozen);
    }

    [Fact]
    public void When_one_fails_all_thaw_and_the_hook_is_told()
    {
        _freezer.Failing = "/a";

        QapiException error = Assert.Throws<QapiException>(() => Freeze());

        Assert.Equal("failed to freeze /a: Input/output error", error.Message);
        Assert.Equal(["hook freeze", "freeze /c", "freeze /b", "thaw /b", "thaw /c", "hook thaw"], _freezer.Events);
        AssertThawed();
    }

    [Fact]
    public void Those_that_cannot_freeze_are_passed_over_and_do_not_count()
    {
        _freezer.Unfreezable.Add("/b");

        Assert.Equal(2, Freeze());
        Assert.Equal(2, _engine.Thaw());
    }

    [Fact]
    public void With_nothing_to_freeze_the_agent_stays_thawed_and_the_hook_is_told_so()
    {
        Assert.Equal(0, Freeze("/nope"));

        Assert.Equal(["hook freeze", "hook thaw"], _freezer.Events);
        AssertThawed();
    }

    [Fact]
    public void A_hook_that_fails_before_stops_the_freeze()
    {
        _hook.Failing = "freeze";

        QapiException error = Assert.Throws<QapiException>(() => Freeze());

        Assert.Equal("child process has failed to execute fsfreeze hook: oops\n", error.Message);
        Assert.Equal(["hook freeze", "hook thaw"], _freezer.Events);
        AssertThawed();
    }

    [Fact]
    public void A_hook_that_fails_afterwards_is_told_and_everything_is_thawed()
    {
        Freeze();
        _hook.Failing = "thaw";

        Assert.Throws<QapiException>(() => _engine.Thaw());

        AssertThawed();
    }

    [Fact]
    public void A_hook_that_fails_after_a_failed_freeze_does_not_hide_why_that_failed()
    {
        _freezer.Failing = "/a";
        _hook.Failing = "thaw";

        QapiException error = Assert.Throws<QapiException>(() => Freeze());

        Assert.Equal("failed to freeze /a: Input/output error", error.Message);
        Assert.Contains("oops", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_else_thawed_does_not_count()
    {
        Freeze();
        _freezer.Frozen.Remove("/b");

        Assert.Equal(2, _engine.Thaw());
    }

    [Fact]
    public void What_somebody_else_froze_is_thawed_and_counts()
    {
        _freezer.Frozen.Add("/b");

        Assert.Equal(1, _engine.Thaw());

        Assert.Equal(["sweep /b", "hook thaw"], _freezer.Events);
    }

    [Fact]
    public void A_second_freeze_is_refused_like_any_command_while_frozen()
    {
        Freeze();

        QapiException error = Assert.Throws<QapiException>(() => _engine.Freeze(CommandId.GuestFsfreezeFreezeList, null));

        Assert.Equal(ErrorClass.CommandNotFound, error.ErrorClass);
        Assert.Equal("Command guest-fsfreeze-freeze-list has been disabled: the command is not allowed", error.Message);
        Assert.True(_engine.IsFrozen);
    }

    [Fact]
    public void An_agent_that_ends_thaws_and_freezes_nothing_more()
    {
        Freeze();

        _engine.End();

        Assert.Empty(_freezer.Frozen);
        AssertThawed();
        Assert.Equal("hook thaw", _freezer.Events[^1]);
        Assert.Equal("the agent is about to end", Assert.Throws<QapiException>(() => Freeze()).Message);
        AssertThawed();
    }

    [Fact]
    public void An_agent_that_ends_thawed_calls_no_hook()
    {
        _engine.End();

        Assert.Empty(_freezer.Events);
    }

    [Fact]
    public void What_a_dead_agent_left_frozen_is_thawed_at_start()
    {
        Freeze();
        _freezer.Events.Clear();

        Create().TakeOver();

        Assert.Equal(["sweep /a", "sweep /b", "sweep /c", "hook thaw"], _freezer.Events);
        Assert.False(File.Exists(MarkerPath));
    }

    [Fact]
    public void After_an_empty_marker_the_agent_is_frozen_until_it_is_told_to_thaw()
    {
        File.WriteAllText(MarkerPath, "");
        _freezer.Frozen.Add("/a");

        _engine.TakeOver();
        Assert.True(_engine.IsFrozen);
        Assert.True(_log.IsHeld);
        Assert.Empty(_freezer.Events);

        Assert.Equal(1, _engine.Thaw());
        AssertThawed();
    }

    [Fact]
    public void A_marker_of_an_earlier_boot_only_goes()
    {
        File.WriteAllText(MarkerPath, "11111111-95a4-4ba0-a2b0-8e2e6a7cbf11\n");

        _engine.TakeOver();

        Assert.Empty(_freezer.Events);
        AssertThawed();
    }

    [Fact]
    public void What_writes_waits_for_the_thaw()
    {
        List<string> written = [];
        _engine.WhenThawed(() => written.Add("before"));
        Freeze();
        _engine.WhenThawed(() => written.Add("during"));
        Assert.Equal(["before"], written);

        _engine.Thaw();
        Assert.Equal(["before", "during"], written);

        Freeze();
        _engine.Thaw();
        Assert.Equal(["before", "during"], written);
    }

    [Fact]
    public void A_marker_that_cannot_be_set_is_no_reason_not_to_freeze()
    {
        Directory.CreateDirectory(MarkerPath);

        Assert.Equal(3, Freeze());

        Assert.Contains("failed to create", _log.Text, StringComparison.Ordinal);
    }

    private FreezeEngine Create()
    {
        FreezePlanner planner = new(new FixedMounts(A, B, C, A with { Mountpoint = "/bind" }), new FixedLoopDevices(), new FreezeChoice(FreezeSettings.Default));
        TimedFreezer freezer = new(_freezer, FreezeSettings.Default, TimeProvider.System, _log);
        return new FreezeEngine(
            new HeldFilesystems(planner, freezer, _log),
            freezer,
            new FreezeHooks("/hook", new FixedHooks(), null, _hook, _log),
            new DiskSilence(new FreezeMarker(_folder.FullName), _state, _log, () => _waitForLoop()),
            new FreezeAlarm(FreezeSettings.Default, new HostActivity(TimeProvider.System), _loop),
            _log);
    }

    private int Freeze(params string[] mountpoints) =>
        _engine.Freeze(CommandId.GuestFsfreezeFreeze, mountpoints.Length == 0 ? null : mountpoints);

    private void AssertThawed()
    {
        Assert.Empty(_freezer.Frozen);
        Assert.False(_engine.IsFrozen);
        Assert.False(_log.IsHeld);
        Assert.False(File.Exists(MarkerPath));
    }

    /// <summary>A hook that only writes down that it was called.</summary>
    private sealed class RecordedHook(List<string> events) : IHelperProgram
    {
        internal string? Failing { get; set; }

        internal Action WhenCalled { get; set; } = () => { };

        public HelperEnd TryRun(HelperStart start)
        {
            WhenCalled();
            events.Add($"hook {start.Arguments[0]}");
            return start.Arguments[0] == Failing ? new HelperEnd(4, "oops\n") : new HelperEnd(0, "");
        }
    }
}
