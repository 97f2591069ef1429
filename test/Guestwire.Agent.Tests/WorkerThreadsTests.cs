using Guestwire.Protocol;

namespace Guestwire.Agent.Tests;

public sealed class WorkerThreadsTests : IDisposable
{
    private readonly WorkerThreads _workers = new();
    private readonly ManualResetEventSlim _gate = new();

    public void Dispose() => _gate.Set();

    [Fact]
    public void Work_that_hangs_holds_no_other_work_up()
    {
        _workers.Run(_gate.Wait);

        Assert.True(ThreadOf().IsBackground);
    }

    [Fact]
    public void An_idle_thread_is_used_again_and_after_a_while_ends()
    {
        Thread first = ThreadOf();
        AgentParts.WaitUntil(() => _workers.IdleCount == 1);

        Assert.Same(first, ThreadOf());
        AgentParts.WaitUntil(() => !first.IsAlive);
        Assert.NotSame(first, ThreadOf());
    }

    [Fact]
    public void There_is_an_end_to_what_may_hang_and_it_is_said()
    {
        for (int thread = 0; thread < WorkerThreads.MaxThreads; thread++)
        {
            _workers.Run(_gate.Wait);
        }

        Assert.Equal("too many commands are running", Assert.Throws<QapiException>(() => _workers.Run(_gate.Wait)).Message);

        _gate.Set();
        AgentParts.WaitUntil(() => Record.Exception(() => _workers.Run(() => { })) is null);
    }

    private Thread ThreadOf()
    {
        TaskCompletionSource<Thread> thread = new();
        _workers.Run(() => thread.SetResult(Thread.CurrentThread));
        Assert.True(thread.Task.Wait(TimeSpan.FromSeconds(30)));
        return thread.Task.Result;
    }
}
