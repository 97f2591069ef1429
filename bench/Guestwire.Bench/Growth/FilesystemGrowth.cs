using System.Globalization;

namespace Guestwire.Bench.Growth;

/// <summary>
/// guest-get-fsinfo with many filesystems, each on a loop device of its own: every agent tells of each of them. What is mounted and the
/// devices' contents go with the agent; empty loop devices stay, as after any mount of an image.
/// </summary>
internal sealed class FilesystemGrowth : IGroup
{
    private const string MakeFilesystem = "/sbin/mkfs.ext4";
    private const string MountProgram = "/bin/mount";

    private static readonly (int Filesystems, Row Row)[] Steps =
        [.. ((int[])[1, 10, 50]).Select(filesystems => (filesystems, new Row($"guest-get-fsinfo, filesystems: {filesystems}, p50", "µs", 0)))];

    /// <inheritdoc/>
    public string Name => "filesystems";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [.. Steps.Select(step => step.Row)];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        if (!FsinfoGrowth.IsPossible(turn, Name))
        {
            return;
        }

        if (!File.Exists(MakeFilesystem) || !File.Exists(MountProgram) || !File.Exists("/dev/loop-control"))
        {
            turn.Results.Note($"{Name}: left out, because it needs {MakeFilesystem}, {MountProgram} and loop devices.");
            return;
        }

        foreach ((int filesystems, Row row) in Steps)
        {
            int found = FsinfoGrowth.Measure(turn, row, folder => MountImages(folder, filesystems));
            if (found != filesystems)
            {
                throw new BenchException($"{turn.Target.Name}: guest-get-fsinfo told of {found} of {filesystems} filesystems");
            }
        }
    }

    private static void MountImages(string folder, int filesystems)
    {
        string first = Path.Combine(folder, "image");
        Run(MakeFilesystem, "-q", "-O", "^has_journal", first, "512K");
        for (int i = 0; i < filesystems; i++)
        {
            string place = Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture));
            Directory.CreateDirectory(place);
            File.Copy(first, place + ".image");
            Run(MountProgram, "-t", "ext4", "-o", "loop", place + ".image", place);
        }
    }

    // Not with the framework's own means, which start programs from whatever thread they like.
    private static void Run(params string[] commandLine)
    {
        using ServerProcess process = ServerProcess.Start(commandLine, "/dev/null", "/dev/null");
        if (process.WaitForEnd() != 0)
        {
            throw new BenchException($"failed: {string.Join(' ', commandLine)}");
        }
    }
}
