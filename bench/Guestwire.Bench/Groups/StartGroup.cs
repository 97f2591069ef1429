namespace Guestwire.Bench.Groups;

/// <summary>
/// From posix_spawn to the first reply. The client connects as soon as that is possible: it tries without a pause, on a processor of
/// its own if there are two.
/// </summary>
internal sealed class StartGroup : IGroup
{
    private const int Starts = 10;

    private static readonly Row Start = new("start to first answer", "ms", 2, Promise.AtMostTimes(1.5));

    /// <inheritdoc/>
    public string Name => "start";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [Start];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        double[] milliseconds = new double[Starts];
        for (int i = 0; i < Starts; i++)
        {
            using Server server = turn.Start();
            milliseconds[i] = server.StartToAnswer.TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        turn.Add(Start, milliseconds[Starts / 2]);
    }
}
