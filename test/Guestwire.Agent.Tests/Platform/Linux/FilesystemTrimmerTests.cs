using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class FilesystemTrimmerTests
{
    // Neither can be trimmed whatever lies below the developer's directories: the one is procfs, the other does not exist.
    private const string Untrimmable = "/proc";
    private const string Missing = "/no/such/mountpoint";

    [Fact]
    public void Each_mount_has_its_own_result_the_last_mounted_first() => Assert.Equal(
        [
            new GuestFilesystemTrimResult { Path = Missing, Error = "failed to open: No such file or directory" },
            new GuestFilesystemTrimResult { Path = Untrimmable, Error = "trim not supported" },
        ],
        new FilesystemTrimmer(new FixedMounts(new Mount(1, 0, Untrimmable, "proc", "proc"), new Mount(1, 1, Missing, "ext4", "/dev/none"))).TrimAll(0));

    [Fact]
    public void A_negative_minimum_is_a_very_large_one()
    {
        NotedTrimmer trimmer = new();
        RecordedLog log = new();
        FilesystemCommands commands = new(new GatedStorage(), trimmer, log);
        commands.GuestFstrim(new GuestFstrimArguments());
        commands.GuestFstrim(new GuestFstrimArguments { Minimum = -1 });

        Assert.Equal([0, ulong.MaxValue], trimmer.Minima);
        Assert.Equal("guest-fstrim called\nguest-fstrim called", log.Text);
    }

    private sealed class NotedTrimmer : IFilesystemTrimmer
    {
        internal List<ulong> Minima { get; } = [];

        public IReadOnlyList<GuestFilesystemTrimResult> TrimAll(ulong minimumBytes)
        {
            Minima.Add(minimumBytes);
            return [];
        }
    }
}
