using System.Runtime.InteropServices;

namespace Guestwire.Bench.Growth;

/// <summary>Mounts that only one program sees, below <paramref name="folder"/>; the kernel takes them away with the program. Only root can do this.</summary>
/// <param name="folder">An empty folder. A tmpfs is mounted on it first.</param>
/// <param name="fill">Mounts the rest; runs where the mounts belong.</param>
internal sealed class MountNamespace(string folder, Action fill)
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
                Check(Libc.Unshare(Libc.NewMountNamespace), "leave the mounts of this machine");
                Check(Libc.Mount("none", "/", null, Libc.PrivateMountsBelow, null), "keep mounts apart");
                Check(Libc.Mount("tmpfs", folder, "tmpfs", 0, null), $"mount a tmpfs on {folder}");
                fill();
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

    /// <summary>Shows a folder at another place too.</summary>
    internal static void Bind(string source, string place) => Check(Libc.Mount(source, place, null, Libc.BindMount, null), $"bind {source} to {place}");

    private static void Check(int result, string attempt)
    {
        if (result != 0)
        {
            throw new BenchException($"cannot {attempt}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }
}
