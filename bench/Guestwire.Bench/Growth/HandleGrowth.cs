using Guestwire.Bench.Groups;

namespace Guestwire.Bench.Growth;

/// <summary>Many files that a host has open at the same time, and forgot to close.</summary>
internal sealed class HandleGrowth : IGroup
{
    private const int ReadBytes = 64 << 10;

    private static readonly (int Handles, Row Read, Row OpenClose)[] Steps =
    [
        .. ((int[])[1, 10, 100, 1000, 10_000]).Select(handles => (
            handles,
            new Row($"64 KiB read from the last of {handles} handles, p50", "µs", 1),
            new Row($"open and close beside {handles} handles, p50", "µs", 1))),
    ];

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(0.2);

    /// <inheritdoc/>
    public string Name => "handles";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [.. Steps.Select(step => step.Read), .. Steps.Select(step => step.OpenClose)];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        if (!turn.Target.IsAgent)
        {
            return;
        }

        // Handed on to what we start. Who may not raise it sees below how far it goes.
        _ = Libc.SetLimit(Libc.OpenFilesLimit, new Libc.Limit { Now = 16_384, Most = 16_384 });
        using Server server = turn.Start();
        Connection connection = server.Connection;
        string file = turn.Data.PutFile(connection, "shared", turn.Data.Bytes);
        byte[] open = Requests.FileOpen(file, "r");
        int opened = 0;
        foreach ((int handles, Row read, Row openClose) in Steps)
        {
            FileCursor last;
            try
            {
                for (; opened < handles - 1; opened++)
                {
                    connection.Ask(open);
                }

                last = new FileCursor(connection, file, "r", turn.Data.FileBytes);
                opened++;
            }
            catch (BenchException e)
            {
                turn.Results.Note($"{turn.Target.Name}: no more than {opened} handles: {e.Message}");
                return;
            }

            byte[] request = Requests.FileRead(last.Handle, ReadBytes);
            turn.Add(read, Latencies.Take(server, Time, warmUp: 10, () => connection.Drain(last.Next(request, ReadBytes))).Percentile(0.5));
            turn.Add(openClose, Latencies.Take(server, Time, warmUp: 10, OpenAndClose).Percentile(0.5));
        }

        void OpenAndClose() => connection.Ask(Requests.FileClose(Requests.ReadNumber(connection.Ask(open))));
    }
}
