namespace Guestwire.Bench;

/// <summary>
/// Where we and what we start leave things: in memory if there is such a place, so that no disk is measured. There too belongs the state
/// of agents, which lies below /run elsewhere: the reference writes it each time it opens a file.
/// </summary>
internal static class TemporaryFolder
{
    private const string SharedMemory = "/dev/shm";

    /// <summary>Whether there is a place in memory.</summary>
    internal static readonly bool IsInMemory =
        File.ReadLines("/proc/self/mounts").Any(line => line.Contains($" {SharedMemory} tmpfs ", StringComparison.Ordinal));

    /// <summary>The folder of the folders.</summary>
    internal static string Parent => IsInMemory ? SharedMemory : Path.GetTempPath();

    /// <summary>Makes a new one, for us alone; whoever asks for it deletes it.</summary>
    internal static string Make()
    {
        string folder = Path.Combine(Parent, "gw-bench-" + Path.GetRandomFileName());
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }
}
