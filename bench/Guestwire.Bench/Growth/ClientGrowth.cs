using System.Diagnostics;

namespace Guestwire.Bench.Growth;

/// <summary>
/// Hosts that ping at the same time. The reference serves one connection until it is closed, so the others' share is nothing: how many
/// were served tells that.
/// </summary>
internal sealed class ClientGrowth : IGroup
{
    private static readonly (int Clients, Row Pings, Row Served)[] Steps =
    [
        .. ((int[])[1, 2, 4, 8, 16]).Select(clients => (
            clients,
            new Row($"{clients} clients pinging, pings of all", "/s", 0),
            new Row($"{clients} clients pinging, served at the same time", "", 0))),
    ];

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(0.5);

    // Who has not been served by then is not waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Name => "clients";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [.. Steps.Select(step => step.Pings), .. Steps.Select(step => step.Served)];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        if (!turn.Target.IsAgent)
        {
            return;
        }

        foreach ((int clients, Row pings, Row served) in Steps)
        {
            int[] replies = Ping(turn, clients);
            turn.Add(pings, replies.Sum() / Time.TotalSeconds);
            turn.Add(served, replies.Count(count => count > 0));
        }
    }

    // How many replies each client got.
    private static int[] Ping(Turn turn, int clients)
    {
        using Server server = turn.Start();
        server.Connection.Dispose();
        int[] replies = new int[clients];
        long began = 0;
        using Barrier barrier = new(clients, _ => began = Stopwatch.GetTimestamp());
        Thread[] threads = new Thread[clients];
        for (int i = 0; i < clients; i++)
        {
            int client = i;
            threads[i] = new Thread(() => replies[client] = PingAlone(server, barrier, ref began));
            threads[i].Start();
        }

        Array.ForEach(threads, thread => thread.Join());
        return replies;
    }

    // The clock starts for all at once, when the last is there.
    private static int PingAlone(Server server, Barrier barrier, ref long began)
    {
        using Connection? connection = server.TryConnect(Patience);
        byte[] buffer = new byte[4096];
        int replies = 0;
        barrier.SignalAndWait();
        // A reply that comes too late, when another has left and made room, is none.
        while (connection is not null && connection.TryPing(buffer) && Stopwatch.GetElapsedTime(began) < Time)
        {
            replies++;
        }

        return replies;
    }
}
