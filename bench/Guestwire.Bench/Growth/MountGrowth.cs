using System.Text;

namespace Guestwire.Bench.Growth;

/// <summary>
/// guest-get-fsinfo with many mounts of one filesystem: hosts of containers have thousands. An agent may tell of each mount or, as newer
/// qemu-ga do too, of each filesystem once; which of the two it was is noted, because the work is not the same.
/// </summary>
internal sealed class MountGrowth : IGroup
{
    private static readonly (int Mounts, Row Row)[] Steps =
    [
        .. ((int[])[1, 10, 100, 1000]).Select(mounts => (mounts, new Row($"guest-get-fsinfo with {mounts} mounts, p50", "µs", 0))),
    ];

    /// <inheritdoc/>
    public string Name => "mounts";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [.. Steps.Select(step => step.Row)];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        if (!turn.Target.IsAgent)
        {
            return;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            turn.Results.Note("mounts: left out, because only root can mount.");
            return;
        }

        foreach ((int mounts, Row row) in Steps)
        {
            string folder = TemporaryFolder.Make();
            try
            {
                MeasureOne(turn, folder, mounts, row);
            }
            finally
            {
                Directory.Delete(folder);
            }
        }
    }

    private static void MeasureOne(Turn turn, string folder, int mounts, Row row)
    {
        MountNamespace mountNamespace = new(folder, mounts);
        using Server server = new(turn.Target, mountNamespace.Start);
        byte[] request = Requests.Plain("guest-get-fsinfo");
        int found = server.Connection.Ask(request).Count(Encoding.UTF8.GetBytes($"\"mountpoint\": \"{folder}/"));
        if (found != mounts && found != 0)
        {
            throw new BenchException($"{turn.Target.Name}: guest-get-fsinfo told of {found} of {mounts} mounts");
        }

        turn.Results.Note($"mounts: {turn.Target.Name} tells of each {(found == 0 ? "filesystem once" : "mount")}.");
        turn.Add(row, Latencies.Take(server, TimeSpan.FromSeconds(0.3), warmUp: 3, () => server.Connection.Ask(request)).Percentile(0.5));
    }
}
