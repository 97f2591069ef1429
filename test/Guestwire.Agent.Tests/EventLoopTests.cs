using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Tests;

public sealed class EventLoopTests
{
    [Fact]
    public void What_another_thread_posts_runs_on_the_loops_thread()
    {
        using EventLoop loop = new(new FakeTime());
        int ranOn = 0;
        Thread other = new(() => loop.Post(() => ranOn = Environment.CurrentManagedThreadId));
        other.Start();

        loop.RunOnce(timeoutMilliseconds: 30_000);
        other.Join();

        Assert.Equal(Environment.CurrentManagedThreadId, ranOn);
    }

    [Fact]
    public void Posts_run_in_order_and_once()
    {
        using EventLoop loop = new(new FakeTime());
        List<int> ran = [];
        loop.Post(() => ran.Add(1));
        loop.Post(() => ran.Add(2));

        loop.RunOnce(0);
        loop.RunOnce(0);

        Assert.Equal([1, 2], ran);
    }

    [Fact]
    public void What_is_posted_while_posts_run_waits_for_the_next_round()
    {
        using EventLoop loop = new(new FakeTime());
        int ran = 0;
        loop.Post(() => loop.Post(() => ran++));

        loop.RunOnce(0);
        Assert.Equal(0, ran);
        loop.RunOnce(0);
        Assert.Equal(1, ran);
    }

    [Fact]
    public void A_loop_that_is_over_takes_posts_and_does_nothing()
    {
        EventLoop loop = new(new FakeTime());
        loop.Dispose();

        Assert.Null(Record.Exception(() => loop.Post(() => { })));
    }

    [Fact]
    public void A_timer_that_is_forgotten_does_not_run_and_wakes_nobody()
    {
        FakeTime time = new();
        using EventLoop loop = new(time);
        int ran = 0;
        Action action = () => ran++;
        loop.After(TimeSpan.FromSeconds(1), action);
        loop.After(TimeSpan.FromSeconds(1), () => ran += 10);

        loop.Forget(action);
        time.Advance(TimeSpan.FromSeconds(2));
        loop.RunOnce(0);

        Assert.Equal(10, ran);
    }

    [Fact]
    public void A_timer_runs_once_when_it_is_due_and_not_before()
    {
        FakeTime time = new();
        using EventLoop loop = new(time);
        int ran = 0;
        loop.After(TimeSpan.FromSeconds(5), () => ran++);

        time.Advance(TimeSpan.FromMilliseconds(4999));
        loop.RunOnce(0);
        Assert.Equal(0, ran);

        time.Advance(TimeSpan.FromMilliseconds(1));
        loop.RunOnce(0);
        loop.RunOnce(0);
        Assert.Equal(1, ran);
    }

    [Fact]
    public void A_timer_may_set_the_next_one()
    {
        FakeTime time = new();
        using EventLoop loop = new(time);
        List<string> ran = [];
        loop.After(TimeSpan.FromSeconds(1), () =>
        {
            ran.Add("first");
            loop.After(TimeSpan.FromSeconds(1), () => ran.Add("second"));
        });

        time.Advance(TimeSpan.FromSeconds(1));
        loop.RunOnce(0);
        Assert.Equal(["first"], ran);

        time.Advance(TimeSpan.FromSeconds(1));
        loop.RunOnce(0);
        Assert.Equal(["first", "second"], ran);
    }

    [Fact]
    public void A_source_that_an_earlier_one_removes_is_not_called_any_more_in_that_round()
    {
        using EventLoop loop = new(new FakeTime());
        using Alarm first = new();
        using Alarm second = new();
        first.Called = () => loop.Remove(second);
        loop.Add(first);
        loop.Add(second);

        loop.RunOnce(0);

        Assert.Equal(1, first.Calls);
        Assert.Equal(0, second.Calls);
    }

    [Fact]
    public void A_source_may_remove_itself_and_the_next_one_is_still_called()
    {
        using EventLoop loop = new(new FakeTime());
        using Alarm first = new();
        using Alarm second = new();
        first.Called = () => loop.Remove(first);
        loop.Add(first);
        loop.Add(second);

        loop.RunOnce(0);
        loop.RunOnce(0);

        Assert.Equal(1, first.Calls);
        Assert.Equal(2, second.Calls);
    }

    [Fact]
    public void A_source_added_while_another_is_called_is_watched_from_the_next_round_on()
    {
        using EventLoop loop = new(new FakeTime());
        using Alarm first = new();
        using Alarm second = new();
        first.Called = () =>
        {
            loop.Remove(first);
            loop.Add(second);
        };
        loop.Add(first);

        loop.RunOnce(0);
        Assert.Equal(0, second.Calls);
        loop.RunOnce(0);
        Assert.Equal(1, second.Calls);
    }

    [Fact]
    public void More_sources_than_it_first_has_room_for_are_all_watched()
    {
        using EventLoop loop = new(new FakeTime());
        List<Alarm> alarms = [.. Enumerable.Range(0, 40).Select(_ => new Alarm())];
        alarms.ForEach(loop.Add);

        loop.RunOnce(0);

        Assert.All(alarms, alarm => Assert.Equal(1, alarm.Calls));
        alarms.ForEach(alarm => alarm.Dispose());
    }

    [Fact]
    public void The_first_stop_decides_the_status()
    {
        using EventLoop loop = new(new FakeTime());
        loop.Post(() =>
        {
            loop.Stop(3);
            loop.Stop(4);
        });

        Assert.Equal(3, loop.Run());
    }

    [Fact]
    public void Whoever_waits_for_a_round_goes_on_after_what_is_under_way()
    {
        using EventLoop loop = new(new FakeTime());
        using SemaphoreSlim isInside = new(0);
        bool isDone = false;
        bool wasDone = false;
        Thread waiting = new(() =>
        {
            isInside.Wait();
            loop.WaitForRound();
            wasDone = Volatile.Read(ref isDone);
            loop.Post(() => loop.Stop(0));
        });
        waiting.Start();
        loop.Post(() =>
        {
            isInside.Release();
            Volatile.Write(ref isDone, true);
        });

        loop.Run();
        waiting.Join();

        Assert.True(wasDone);
    }

    [Fact]
    public void When_the_loop_is_over_nobody_waits_for_a_round()
    {
        using EventLoop loop = new(new FakeTime());
        loop.Stop(0);
        loop.Run();

        loop.WaitForRound();

        Assert.Equal(0, loop.Run());
    }

    /// <summary>A descriptor that is ready as long as it exists.</summary>
    private sealed class Alarm : IEventSource, IDisposable
    {
        private readonly SafeFileHandle _event = Libc.EventFd(1, Libc.EFD_CLOEXEC);

        public int Calls { get; private set; }

        public Action? Called { get; set; }

        public int Descriptor => (int)_event.DangerousGetHandle();

        public short Events => Libc.POLLIN;

        public void OnReady(short happened)
        {
            Calls++;
            Called?.Invoke();
        }

        public void Dispose() => _event.Dispose();
    }
}
