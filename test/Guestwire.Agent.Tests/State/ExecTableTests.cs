using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.State;

public sealed class ExecTableTests : IDisposable
{
    private readonly ExecBench _bench = new();
    private readonly ExecTable _table;

    public ExecTableTests() => _table = new ExecTable(_bench.Parts.Loop);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void A_program_that_was_not_started_here_does_not_exist(long processId) =>
        Assert.Equal($"PID {processId} does not exist", Assert.Throws<QapiException>(() => _table.Ask(processId)).Message);

    [Fact]
    public void A_running_program_may_be_asked_about_again_and_an_ended_one_once()
    {
        using ExecProcess process = _bench.StartIn(_table, ExecBench.Program("true"));

        // Its end is noticed by the loop, which has not turned yet.
        Assert.False(_table.Ask(process.ProcessId).HasEnded);
        _bench.Parts.TurnUntil(() => process.HasEnded);

        Assert.Same(process, _table.Ask(process.ProcessId));
        Assert.Throws<QapiException>(() => _table.Ask(process.ProcessId));
    }

    [Fact]
    public void When_the_system_gives_an_id_out_again_the_newer_program_has_it()
    {
        using ExecProcess older = _table.Start(() => Named(999_999_999));
        using ExecProcess newer = _table.Start(() => Named(999_999_999));

        Assert.Same(newer, _table.Ask(999_999_999));
    }

    [Fact]
    public void What_nobody_asks_about_is_forgotten_after_an_hour()
    {
        ExecProcess process = _bench.RunIn(_table, ExecBench.Shell("echo something"));

        _bench.Parts.Time.Advance(ExecTable.Expiry - TimeSpan.FromMinutes(1));
        _bench.Parts.Loop.RunOnce(0);
        Assert.Equal("something\n", ExecBench.Text(process.Output));

        _bench.Parts.Time.Advance(TimeSpan.FromMinutes(20));
        _bench.Parts.Loop.RunOnce(0);

        Assert.Throws<QapiException>(() => _table.Ask(process.ProcessId));
    }

    [Fact]
    public void A_program_that_runs_is_never_forgotten()
    {
        using ExecProcess process = _table.Start(() => Named(999_999_999));
        for (int hours = 0; hours < 100; hours++)
        {
            _bench.Parts.Time.Advance(TimeSpan.FromHours(1));
            _bench.Parts.Loop.RunOnce(0);
        }

        Assert.Same(process, _table.Ask(process.ProcessId));
    }

    [Fact]
    public void When_all_places_are_taken_by_programs_that_run_another_is_refused()
    {
        for (int id = 0; id < ExecTable.MaxPrograms; id++)
        {
            int processId = 1_000_000_000 + id;
            _table.Start(() => Named(processId));
        }

        Assert.Equal("too many programs: 1024 are running", Assert.Throws<QapiException>(() => _table.Start(() => Named(1))).Message);
    }

    [Fact]
    public void A_program_that_could_not_be_started_takes_no_place()
    {
        for (int attempt = 0; attempt <= ExecTable.MaxPrograms; attempt++)
        {
            Assert.Contains(
                "No such file or directory",
                Assert.Throws<QapiException>(() => _bench.StartIn(_table, ExecBench.Program("/missing"))).Message,
                StringComparison.Ordinal);
            _bench.Parts.Loop.RunOnce(0);
        }
    }

    [Fact]
    public void A_program_may_take_long_to_start_and_the_loop_goes_on()
    {
        using SemaphoreSlim entered = new(0);
        using SemaphoreSlim gate = new(0);
        ExecProcess? slow = null;
        Thread starting = new(() => slow = _table.Start(() =>
        {
            entered.Release();
            gate.Wait();
            return Named(999_999_998);
        }));
        starting.Start();
        _bench.Parts.TurnUntil(() => entered.Wait(0));
        using ExecProcess quick = _bench.RunIn(_table, ExecBench.Program("true"));
        Assert.Throws<QapiException>(() => _table.Ask(999_999_998));

        gate.Release();
        _bench.Parts.TurnUntil(() => !starting.IsAlive);
        Assert.Same(slow, _table.Ask(999_999_998));
        slow!.Dispose();
    }

    [Fact]
    public void When_a_place_is_needed_the_program_that_ended_first_gives_way()
    {
        ExecProcess first = _bench.RunIn(_table, ExecBench.Program("true"));
        _bench.Parts.Time.Advance(TimeSpan.FromSeconds(1));
        using ExecProcess second = _bench.RunIn(_table, ExecBench.Program("true"));
        for (int id = 2; id <= ExecTable.MaxPrograms; id++)
        {
            int processId = 1_000_000_000 + id;
            _table.Start(() => Named(processId));
        }

        Assert.Throws<QapiException>(() => _table.Ask(first.ProcessId));
        Assert.Same(second, _table.Ask(second.ProcessId));
    }

    [Fact]
    public void Output_that_nobody_asks_for_gives_way_to_newer_output()
    {
        ExecTable table = new(_bench.Parts.Loop, maxOutputBytes: 1000);
        ExecProcess first = _bench.RunIn(table, ExecBench.Shell("head -c 600 /dev/zero"));
        using ExecProcess second = _bench.RunIn(table, ExecBench.Shell("head -c 700 /dev/zero"));

        Assert.Throws<QapiException>(() => table.Ask(first.ProcessId));
        Assert.Equal((700, false), (second.Output!.Bytes.Count, second.Output.IsTruncated));
    }

    [Fact]
    public void Output_beyond_what_all_may_have_is_dropped_and_that_is_said()
    {
        ExecTable table = new(_bench.Parts.Loop, maxOutputBytes: 1000);
        using ExecProcess process = _bench.RunIn(table, ExecBench.Shell("head -c 1001 /dev/zero"));

        Assert.Equal((1000, true), (process.Output!.Bytes.Count, process.Output.IsTruncated));
    }

    [Fact]
    public void Output_that_was_given_away_is_no_longer_counted()
    {
        ExecTable table = new(_bench.Parts.Loop, maxOutputBytes: 1000);
        for (int run = 0; run < 3; run++)
        {
            ExecProcess process = _bench.RunIn(table, ExecBench.Shell("head -c 1000 /dev/zero"));
            Assert.False(table.Ask(process.ProcessId).Output!.IsTruncated);
            process.Dispose();
        }
    }

    private static SpawnedProgram Named(int processId) => new(processId, Libc.EventFd(0, Libc.EFD_CLOEXEC), null, default, null, null);
}
