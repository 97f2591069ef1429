using EndToEnd.ProcessSuite;

namespace EndToEnd.Faults;

/// <summary>Hosts on connections of their own that do the same thing over and over, until they are disposed of.</summary>
internal sealed class BusyHosts : IDisposable
{
    private readonly List<HostLink> _links = [];
    private readonly List<Thread> _threads = [];
    private volatile bool _isOver;
    private volatile Exception? _failure;
    private int _rounds;

    /// <summary>Connects hosts and lets them begin.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="count">How many.</param>
    /// <param name="deed">What each does in a round.</param>
    internal BusyHosts(RunningAgent agent, int count, Action<HostLink> deed)
    {
        for (int i = 0; i < count; i++)
        {
            HostLink link = agent.Connect();
            _links.Add(link);
            Thread thread = new(() => Repeat(link, deed)) { IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Rounds that all of them together have finished.</summary>
    internal int Rounds => Volatile.Read(ref _rounds);

    /// <summary>Waits until they have done that many rounds more.</summary>
    internal void Await(int rounds)
    {
        int goal = Rounds + rounds;
        RunningAgent.WaitUntil(() => Rounds >= goal || _failure is not null, "the hosts");
        Assert.True(_failure is null, _failure?.ToString());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _links.ForEach(link => link.Dispose());
        _threads.ForEach(thread => thread.Join());
    }

    private void Repeat(HostLink link, Action<HostLink> deed)
    {
        try
        {
            while (!_isOver)
            {
                deed(link);
                Interlocked.Increment(ref _rounds);
            }
        }
        catch (Exception failure)
        {
            // Its connection is closed under it at the end.
            _failure = _isOver ? null : failure;
        }
    }
}
