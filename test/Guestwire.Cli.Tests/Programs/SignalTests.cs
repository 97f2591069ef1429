using static Guestwire.Cli.Tests.Programs.ExecReplies;

namespace Guestwire.Cli.Tests.Programs;

public sealed class SignalTests
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task A_signal_goes_to_the_program_whose_end_is_ours(int signal)
    {
        await using FakeAgent agent = Running(out TaskCompletionSource<int>[] signals);
        await using GuestwireProcess guestwire = GuestwireProcess.Start("exec", agent.Target, "-n", "--", "prog");

        // It is written as it comes: the program has not ended.
        Assert.Equal("ready", await guestwire.ReadLineAsync());
        guestwire.Signal(signal);

        Assert.Equal(5, (await guestwire.EndAsync()).Code);
        Assert.Equal(signal, await signals[0].Task);
    }

    [Fact]
    public async Task The_second_interrupt_kills_a_program_that_does_not_care_for_the_first()
    {
        await using FakeAgent agent = Running(out TaskCompletionSource<int>[] signals, needed: 2);
        await using GuestwireProcess guestwire = GuestwireProcess.Start("exec", agent.Target, "-n", "--", "prog");
        Assert.Equal("ready", await guestwire.ReadLineAsync());

        guestwire.Signal(Interrupt);
        Assert.Equal(Interrupt, await signals[0].Task);
        guestwire.Signal(Interrupt);
        await guestwire.EndAsync();

        Assert.Equal(9, await signals[1].Task);
    }

    [Fact]
    public async Task A_signal_while_a_program_runs_on_the_host_thaws_the_guest()
    {
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-fsfreeze-freeze", "2").Returns("guest-fsfreeze-thaw", "2");
        await using GuestwireProcess guestwire = GuestwireProcess.Start("freeze", agent.Target, "--", "sh", "-c", "echo ready; exec tail -f /dev/null");
        Assert.Equal("ready", await guestwire.ReadLineAsync());

        guestwire.Signal(Terminate);
        (int code, string error) = await guestwire.EndAsync();

        Assert.Equal(128 + Terminate, code);
        Assert.Contains("2 filesystems thawed", error, StringComparison.Ordinal);
        Assert.Equal(["guest-fsfreeze-freeze", "guest-fsfreeze-thaw"], CommandsOf(agent));
    }

    [Fact]
    public async Task A_signal_while_a_freeze_is_under_way_thaws_it_and_runs_nothing()
    {
        TaskCompletionSource isAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using SemaphoreSlim isFrozen = new(0);
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-fsfreeze-thaw", "2").Answers("guest-fsfreeze-freeze", _ =>
        {
            isAsked.SetResult();
            isFrozen.Wait();
            return FakeAgent.Return("2");
        });
        await using GuestwireProcess guestwire = GuestwireProcess.Start("freeze", agent.Target, "--", "echo", "run");
        await isAsked.Task;

        guestwire.Signal(Terminate);
        isFrozen.Release();
        string? output = await guestwire.ReadLineAsync();

        // Whether the reply or the signal was faster, the guest is thawed.
        Assert.Contains((await guestwire.EndAsync()).Code, (int[])[128 + Terminate, 0]);
        Assert.Contains(output, (string?[])[null, "run"]);
        Assert.Equal("guest-fsfreeze-thaw", CommandsOf(agent)[^1]);
    }

    /// <summary>An agent whose program says "ready" and ends with 5 after so many signals.</summary>
    private static FakeAgent Running(out TaskCompletionSource<int>[] signals, int needed = 1)
    {
        TaskCompletionSource<int>[] received = [new(), new()];
        signals = received;
        int count = 0;
        FakeAgent agent = Streaming();
        agent.Answers("__org.guestwire_exec-signal", arguments =>
        {
            received[count].SetResult(arguments.GetProperty("signal").GetInt32());
            count++;
            return FakeAgent.Return("{}");
        });
        agent.Answers("__org.guestwire_exec-read", arguments => FakeAgent.Return(
            arguments.GetProperty("out-cursor").GetInt64() == 0 ? Piece("ready\n", 6) : count >= needed ? End(6, "\"exitcode\": 5") : Piece("", 6)));
        return agent;
    }
}
