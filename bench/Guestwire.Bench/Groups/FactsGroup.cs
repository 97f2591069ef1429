namespace Guestwire.Bench.Groups;

/// <summary>What hosts ask for again and again to show it: a management system polls some of these every few seconds.</summary>
internal sealed class FactsGroup : IGroup
{
    private static readonly (byte[] Request, Row Median, Row Processor)[] Commands =
    [
        .. ((string[])["guest-info", "guest-get-osinfo", "guest-network-get-interfaces", "guest-get-fsinfo", "guest-get-vcpus"])
            .Select(command => (Requests.Plain(command), new Row($"{command}, p50", "µs", 1), new Row($"{command}, processor time", "µs", 1))),
    ];

    /// <inheritdoc/>
    public string Name => "facts";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [.. Commands.SelectMany(command => (Row[])[command.Median, command.Processor])];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        if (!turn.Target.IsAgent)
        {
            return;
        }

        using Server server = turn.Start();
        foreach ((byte[] request, Row median, Row processor) in Commands)
        {
            Latencies latencies = Latencies.Take(server, TimeSpan.FromSeconds(0.2), warmUp: 5, () => server.Connection.Ask(request));
            turn.Add(median, latencies.Percentile(0.5));
            if (server.Process is not null)
            {
                turn.Add(processor, latencies.Whole.ProcessorMicroseconds);
            }
        }
    }
}
