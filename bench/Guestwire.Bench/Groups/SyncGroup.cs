namespace Guestwire.Bench.Groups;

/// <summary>What hosts do before each command, and each time they come back.</summary>
internal sealed class SyncGroup : IGroup
{
    private static readonly Row Sync = new("guest-sync, p50", "µs", 1);
    private static readonly Row Delimited = new("guest-sync-delimited, p50", "µs", 1);
    private static readonly Row Reconnect = new("connect, ping and close", "/s", 0);

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(0.3);

    /// <inheritdoc/>
    public string Name => "sync";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [Sync, Delimited, Reconnect];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        using Server server = turn.Start();
        MeasureOne(turn, server, Sync, Requests.Sync(20260131));
        MeasureOne(turn, server, Delimited, Requests.SyncDelimited(20260131));
        if (server.Process is null)
        {
            // A port has one host, and its connections end in QEMU.
            return;
        }

        // One that stays connected would keep all others out of servers that take one at a time.
        server.Connection.Dispose();
        Repetition reconnects = Repetition.Run(server, Time, least: 50, () =>
        {
            using Connection connection = server.Connect();
            connection.Ask(Requests.Ping);
        });
        turn.Add(Reconnect, reconnects.Rate);
    }

    private static void MeasureOne(Turn turn, Server server, Row row, byte[] request)
    {
        if (Requests.ReadNumber(server.Connection.Ask(request)) != 20260131)
        {
            throw new BenchException($"{turn.Target.Name}: a sync was answered with another id");
        }

        turn.Add(row, Latencies.Take(server, Time, warmUp: 200, () => server.Connection.Ask(request)).Percentile(0.5));
    }
}
