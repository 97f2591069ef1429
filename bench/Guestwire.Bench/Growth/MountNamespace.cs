using System.Runtime.InteropServices;

namespace Guestwire.Bench.Growth;

/// <summary>
/// Mounts that only one program sees: folders of a tmpfs over <paramref name="folder"/>, onto which one file system on a real disk is
/// bound <paramref name="mounts"/> times. The kernel takes them away with the program.
/// </summary>
internal sealed class MountNamespace(string folder, int mounts)
{
    /// <summary>Starts a program that sees the mounts; called in the place of <see cref="ServerProcess.Start"/>.</summary>
    internal ServerProcess Start(string[] commandLine, string outputFile, string errorFile)
    {
        // A thread may leave the others' mounts behind, and what it starts follows it. It never comes back, so it is one of its own.
        ServerProcess? process = null;
        BenchException? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                MakeMounts();
                process = ServerProcess.Start(commandLine, outputFile, errorFile);
            }
            catch (BenchException e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return process ?? throw failure!;
    }

    private void MakeMounts()
    {
        string disk = FindDisk();
        Check(Libc.Unshare(Libc.NewMountNamespace), "leave the mounts of this machine");
        Check(Libc.Mount("none", "/", null, Libc.PrivateMountsBelow, null), "keep mounts apart");
        Check(Libc.Mount("tmpfs", folder, "tmpfs", 0, null), $"mount a tmpfs on {folder}");
        for (int i = 0; i < mounts; i++)
        {
            string place = Directory.CreateDirectory(Path.Combine(folder, $"{i}")).FullName;
            Check(Libc.Mount(disk, place, null, Libc.BindMount, null), $"bind {disk} to {place}");
        }
    }

    // The mountpoint of a file system that guest-get-fsinfo tells of. mountinfo: id, parent, major:minor, root, mountpoint, options, ...,
    // "-", type, source, options.
    private static string FindDisk() =>
        File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' '))
            .Where(fields => fields[Array.IndexOf(fields, "-") + 2].StartsWith("/dev/", StringComparison.Ordinal))
            .Where(fields => Directory.Exists($"/sys/dev/block/{fields[2]}") && Directory.Exists(fields[4]))
            .Select(fields => fields[4])
            .FirstOrDefault() ?? throw new BenchException("no file system on a disk is mounted here, and the group mounts needs one");

    private static void Check(int result, string attempt)
    {
        if (result != 0)
        {
            throw new BenchException($"cannot {attempt}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }
}
