namespace Guestwire.Cli.Tests;

/// <summary>A clock for what polls: a pause is over at once, and the clock has moved on by its length; a deadline comes when the clock has got there.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<Deadline> _deadlines = [];
    private DateTimeOffset _now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Called at each pause, with its number from 1 on.</summary>
    internal Action<int> OnPause { get; init; } = _ => { };

    internal int Pauses { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero)
        {
            return new Deadline(this, callback, state, DateTimeOffset.MaxValue);
        }

        Deadline timer = new(this, callback, state, GetUtcNow() + dueTime);
        lock (_lock)
        {
            _deadlines.Add(timer);
        }

        if (dueTime <= s_longestPause)
        {
            // Elsewhere: whoever makes a timer does not expect to be called back before it has it.
            ThreadPool.QueueUserWorkItem(_ => Jump(timer.Due));
        }

        return timer;
    }

    private void Jump(DateTimeOffset to)
    {
        Deadline[] due;
        lock (_lock)
        {
            OnPause(++Pauses);
            _now = to > _now ? to : _now;
            due = [.. _deadlines.Where(deadline => deadline.Due <= _now)];
            _deadlines.RemoveAll(deadline => deadline.Due <= _now);
        }

        foreach (Deadline deadline in due)
        {
            deadline.Fire();
        }
    }

    private sealed class Deadline(JumpingTime time, TimerCallback callback, object? state, DateTimeOffset due) : ITimer
    {
        internal DateTimeOffset Due => due;

        internal void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (time._lock)
            {
                time._deadlines.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
