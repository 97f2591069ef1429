using System.Globalization;

namespace Guestwire.Bench.Growth;

/// <summary>
/// guest-get-fsinfo with many mounts of one filesystem: hosts of containers have thousands. An agent may tell of each mount or, as newer
/// qemu-ga do too, of each filesystem once; which of the two it was is noted, because the work is not the same.
/// </summary>
internal sealed class MountGrowth : IGroup
{
    private static readonly (int Mounts, Row Row)[] Steps =
        [.. ((int[])[1, 10, 100, 1000]).Select(mounts => (mounts, new Row($"guest-get-fsinfo, bind mounts: {mounts}, p50", "µs", 0)))];

    /// <inheritdoc/>
    public string Name => "mounts";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [.. Steps.Select(step => step.Row)];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        if (!FsinfoGrowth.IsPossible(turn, Name))
        {
            return;
        }

        foreach ((int mounts, Row row) in Steps)
        {
            int found = FsinfoGrowth.Measure(turn, row, folder => BindTo(folder, mounts));
            if (found != mounts && found != 0)
            {
                throw new BenchException($"{turn.Target.Name}: guest-get-fsinfo told of {found} of {mounts} mounts");
            }

            turn.Results.Note($"mounts: {turn.Target.Name} tells of each {(found == 0 ? "filesystem once" : "mount")}.");
        }
    }

    private static void BindTo(string folder, int mounts)
    {
        string disk = FindDisk();
        for (int i = 0; i < mounts; i++)
        {
            MountNamespace.Bind(disk, Directory.CreateDirectory(Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture))).FullName);
        }
    }

    // The mountpoint of a filesystem that guest-get-fsinfo tells of. mountinfo: id, parent, major:minor, root, mountpoint, options, ...,
    // "-", type, source, options.
    private static string FindDisk() =>
        File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' '))
            .Where(fields => fields[Array.IndexOf(fields, "-") + 2].StartsWith("/dev/", StringComparison.Ordinal))
            .Where(fields => Directory.Exists($"/sys/dev/block/{fields[2]}") && Directory.Exists(fields[4]))
            .Select(fields => fields[4])
            .FirstOrDefault() ?? throw new BenchException("no filesystem on a disk is mounted here, and the group mounts needs one");
}
