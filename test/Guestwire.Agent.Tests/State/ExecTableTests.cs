using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.State;

public sealed class ExecTableTests : IDisposable
{
    private readonly ExecBench _bench = new();
    private readonly ExecTable _table = new();

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
        using ExecProcess process = _bench.Start(ExecBench.Program("true"));
        _table.Add(process);

        // Its end is noticed by the loop, which has not turned yet.
        Assert.False(_table.Ask(process.ProcessId).HasEnded);
        _bench.Parts.TurnUntil(() => process.HasEnded);

        Assert.Same(process, _table.Ask(process.ProcessId));
        Assert.Throws<QapiException>(() => _table.Ask(process.ProcessId));
    }

    [Fact]
    public void When_the_system_gives_an_id_out_again_the_newer_program_has_it()
    {
        using ExecProcess older = Named(999_999_999);
        using ExecProcess newer = Named(999_999_999);
        _table.Add(older);
        _table.Add(newer);

        Assert.Same(newer, _table.Ask(999_999_999));
    }

    private ExecProcess Named(int processId) =>
        new(_bench.Parts.Loop, new SpawnedProgram(processId, Libc.EventFd(0, Libc.EFD_CLOEXEC), null, default, null, null));
}
