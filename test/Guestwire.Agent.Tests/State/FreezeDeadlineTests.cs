using System.Diagnostics;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.State;

/// <summary>Freezes and thaws from which the kernel does not come back in time.</summary>
public sealed class FreezeDeadlineTests : IDisposable
{
    private static readonly Mount A = new(254, 0, "/a", "ext4", "/dev/vda");
    private static readonly Mount B = new(254, 16, "/b", "xfs", "/dev/vdb");
    private static readonly Mount C = new(254, 32, "/c", "ext4", "/dev/vdc");

    /// <summary>Far more than anything takes that is not meant to hang for it.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guestwire-");
    private readonly FakeFreezer _freezer = new();
    private readonly FreezeState _state = new();
    private readonly RecordedLog _log = new();
    private readonly EventLoop _loop = new();

    private string MarkerPath => Path.Combine(_folder.FullName, "qga.state.isfrozen");

    public void Dispose()
    {
        _freezer.Dispose();
        _loop.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void One_that_does_not_come_back_is_named_with_its_limit_and_the_others_thaw()
    {
        FreezeEngine engine = CreateHanging("/b", new FreezeSettings { FilesystemTimeout = TimeSpan.FromMilliseconds(50) });

        Assert.Equal("failed to freeze /b: it was not done within 0.05 seconds (filesystem-timeout)", Error(() => Freeze(engine)));

        Assert.Equal(["freeze /c", "thaw /c"], _freezer.Events);
        Assert.Empty(_freezer.Frozen);
        Assert.False(engine.IsFrozen);
    }

    [Fact]
    public void The_whole_freeze_has_a_limit_of_its_own()
    {
        FreezeEngine engine = CreateHanging("/b", new FreezeSettings { FreezeTimeout = TimeSpan.FromMilliseconds(50) });

        Assert.Equal("failed to freeze /b: the freeze was not done within 0.05 seconds (freeze-timeout)", Error(() => Freeze(engine)));
        Assert.Equal(["freeze /c", "thaw /c"], _freezer.Events);
    }

    [Fact]
    public void When_no_time_is_left_nothing_more_is_frozen()
    {
        FakeTime time = new();
        FreezeDeadline deadline = new(new FreezeSettings { FreezeTimeout = TimeSpan.FromSeconds(5), FilesystemTimeout = TimeSpan.FromSeconds(2) }, time);
        Assert.Equal(TimeSpan.FromSeconds(2), deadline.ForOne().Limit);

        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(1), deadline.ForOne().Limit);
        Assert.Equal("the freeze was not done within 5 seconds (freeze-timeout)", deadline.ForOne().Name);

        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.Zero, deadline.Left);
        FreezeTarget target = new([A], new FreezeChoice(FreezeSettings.Default));
        Assert.Equal(
            "failed to freeze /a: the freeze was not done within 5 seconds (freeze-timeout)",
            Error(() => new TimedFreezer(_freezer, FreezeSettings.Default, time, _log).TryFreeze(target, deadline)));
        Assert.Empty(_freezer.Events);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, 1, 1)]
    [InlineData(1, null, 1)]
    [InlineData(1, 2, 1)]
    public void The_shorter_limit_holds_and_none_is_none(int? whole, int? one, int? expected) =>
        Assert.Equal(
            expected,
            (int?)new FreezeDeadline(new FreezeSettings { FreezeTimeout = Seconds(whole), FilesystemTimeout = Seconds(one) }, new FakeTime()).ForOne().Limit?.TotalSeconds);

    [Fact]
    public void What_comes_back_late_thaws_by_itself_and_only_then_marker_and_log_are_as_before()
    {
        FreezeEngine engine = CreateHanging("/b", Short);
        Error(() => Freeze(engine));
        List<string> written = [];
        engine.WhenThawed(() => written.Add("written"));
        Assert.True(File.Exists(MarkerPath));
        Assert.True(_log.IsHeld);
        Assert.True(engine.IsSilent);
        Assert.Empty(written);

        _freezer.LetGo();

        AgentParts.WaitUntil(() => !File.Exists(MarkerPath));
        Assert.False(engine.IsSilent);
        Assert.False(_log.IsHeld);
        Assert.Equal(["written"], written);
        Assert.Equal(["freeze /c", "thaw /c", "freeze /b", "thaw /b"], _freezer.Events);
        Assert.Empty(_freezer.Frozen);
        Assert.Contains("the freeze of /b has come back", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_late_one_that_failed_leaves_nothing_to_thaw()
    {
        FreezeEngine engine = CreateHanging("/b", Short);
        _freezer.Failing = "/b";
        Error(() => Freeze(engine));

        _freezer.LetGo();

        AgentParts.WaitUntil(() => !File.Exists(MarkerPath));
        Assert.Equal(["freeze /c", "thaw /c"], _freezer.Events);
    }

    [Fact]
    public void Another_freeze_is_refused_at_once_until_it_is_back()
    {
        FreezeEngine engine = CreateHanging("/b", Short);
        Error(() => Freeze(engine));
        _freezer.Events.Clear();

        Assert.Equal("cannot freeze: the freeze of /b has not come back from the kernel yet", Error(() => Freeze(engine, "/c")));
        Assert.Empty(_freezer.Events);
        Assert.False(engine.IsFrozen);

        _freezer.LetGo();
        _freezer.HangingFreeze = null;
        AgentParts.WaitUntil(() => !File.Exists(MarkerPath));
        Assert.Equal(3, Freeze(engine));
        Assert.Equal(3, engine.Thaw());
    }

    [Fact]
    public void A_thaw_leaves_it_alone_thaws_the_others_and_says_so()
    {
        FreezeEngine engine = CreateHanging("/b", Short);
        Error(() => Freeze(engine));
        _freezer.Frozen.Add("/a");

        Assert.Equal("not everything is thawed: the freeze of /b has not come back from the kernel yet", Error(() => engine.Thaw()));

        Assert.Empty(_freezer.Frozen);
        Assert.Equal(["/a", "/c"], _freezer.Swept);
        Assert.True(File.Exists(MarkerPath));
    }

    [Fact]
    public async Task Without_limits_it_waits()
    {
        FreezeEngine engine = CreateHanging("/b", new FreezeSettings { FreezeTimeout = null, FilesystemTimeout = null });
        Task<int> freeze = Task.Run(() => Freeze(engine));
        AgentParts.WaitUntil(() => _freezer.Hanging == 1);

        _freezer.LetGo();

        Assert.Equal(3, await freeze);
        Assert.True(engine.IsFrozen);
    }

    [Fact]
    public void A_thaw_that_does_not_come_back_does_not_keep_the_others_frozen()
    {
        FreezeEngine engine = Create(new FreezeSettings { ThawPatience = TimeSpan.FromMilliseconds(50) });
        Freeze(engine);
        _freezer.HangingThaw = "/b";

        Assert.Equal("not everything is thawed: the thaw of /b has not come back from the kernel yet", Error(() => engine.Thaw()));
        Assert.Equal(["/b"], _freezer.Frozen);
        Assert.DoesNotContain("/b", _freezer.Swept);
        Assert.True(File.Exists(MarkerPath));
        Assert.False(engine.IsFrozen);

        _freezer.LetGo();
        AgentParts.WaitUntil(() => !File.Exists(MarkerPath));
        Assert.Empty(_freezer.Frozen);
        Assert.Equal(0, engine.Thaw());
    }

    [Fact]
    public async Task An_agent_that_ends_does_not_wait_for_the_limit_and_leaves_the_marker_for_what_is_late()
    {
        FreezeEngine engine = CreateHanging("/b", new FreezeSettings { FilesystemTimeout = Long });
        Task<string> freeze = Task.Run(() => Error(() => Freeze(engine)));
        AgentParts.WaitUntil(() => _freezer.Hanging == 1);
        Stopwatch waited = Stopwatch.StartNew();

        engine.End();

        Assert.True(waited.Elapsed < Long / 2);
        Assert.Equal("the agent is about to end", await freeze);
        Assert.Empty(_freezer.Frozen);
        Assert.True(File.Exists(MarkerPath));
    }

    [Fact]
    public async Task An_agent_that_ends_waits_a_moment_for_what_is_late()
    {
        FreezeEngine engine = CreateHanging("/b", Short);
        Error(() => Freeze(engine));
        Task end = Task.Run(engine.End);

        _freezer.LetGo();

        await end;
        Assert.False(File.Exists(MarkerPath));
        Assert.Empty(_freezer.Frozen);
    }

    [Fact]
    public void What_is_excluded_is_neither_frozen_nor_thawed_even_if_a_host_names_it()
    {
        FreezeEngine engine = Create(new FreezeSettings { Exclude = ["/c", "xfs"] });
        _freezer.Frozen.Add("/c");

        Assert.Equal(1, Freeze(engine, "/a", "/c"));
        Assert.Equal(1, engine.Thaw());

        Assert.Equal(["freeze /a", "thaw /a"], _freezer.Events);
        Assert.Equal(["/c"], _freezer.Frozen);
    }

    [Fact]
    public void What_a_dead_agent_left_frozen_thaws_also_where_this_one_would_not_freeze()
    {
        Freeze(Create(FreezeSettings.Default));

        FreezeEngine successor = Create(new FreezeSettings { Include = ["/a"] });
        successor.TakeOver();

        Assert.Empty(_freezer.Frozen);
        Assert.False(successor.IsFrozen);
        Assert.False(File.Exists(MarkerPath));
    }

    [Fact]
    public void What_a_program_serves_is_never_touched()
    {
        Mount served = new(254, 48, "/served", "fuseblk", "/dev/vdd");
        FreezeEngine engine = Create(FreezeSettings.Default, A, served);
        _freezer.HangingFreeze = "/served";

        Assert.Equal(1, Freeze(engine));
        Assert.Equal(1, engine.Thaw());

        Assert.Equal(["/a"], _freezer.Swept);
        Assert.Equal(0, _freezer.Hanging);
    }

    private static FreezeSettings Short => new() { FilesystemTimeout = TimeSpan.FromMilliseconds(50) };

    private static TimeSpan? Seconds(int? count) => count is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static string Error(Action action) => Assert.Throws<QapiException>(action).Message;

    private static int Freeze(FreezeEngine engine, params string[] mountpoints) =>
        engine.Freeze(CommandId.GuestFsfreezeFreeze, mountpoints.Length == 0 ? null : mountpoints);

    private FreezeEngine CreateHanging(string mountpoint, FreezeSettings settings)
    {
        _freezer.HangingFreeze = mountpoint;
        return Create(settings);
    }

    private FreezeEngine Create(FreezeSettings settings, params Mount[] mounts)
    {
        FreezePlanner planner = new(new FixedMounts(mounts.Length == 0 ? [A, B, C] : mounts), new FixedLoopDevices(), new FreezeChoice(settings));
        TimedFreezer freezer = new(_freezer, settings, TimeProvider.System, _log);
        return new FreezeEngine(
            new HeldFilesystems(planner, freezer, _log),
            freezer,
            new FreezeHooks(null, new FixedHooks(), null, new UntouchableMachine(), _log),
            new DiskSilence(new FreezeMarker(_folder.FullName), _state, _log, () => { }),
            new FreezeAlarm(settings, new HostActivity(TimeProvider.System), _loop),
            _log);
    }
}
