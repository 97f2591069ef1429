using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EndToEnd.ProcessSuite;
using EndToEnd.Sandbox;
using SystemProcess = System.Diagnostics.Process;

namespace EndToEnd.Hooks;

/// <summary>
/// A real database server from Debian's packages, in folders of a test's own, as the user that its package made, on a unix socket alone.
/// Never the service.
/// </summary>
public abstract class DatabaseServer : IDisposable
{
    private const int SigKill = 9;
    private const int SigCont = 18;
    private const int SigStop = 19;

    /// <summary>A server that has to recover has written a few megabytes; a busy machine takes its time.</summary>
    private static readonly TimeSpan s_startPatience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private readonly string _user;
    private SystemProcess? _process;

    /// <param name="user">The system's user.</param>
    /// <param name="image">The data to begin with, copied from another server; null for none.</param>
    private protected DatabaseServer(string user, string? image)
    {
        _user = user;
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        Run("mkdir", Data, SocketFolder);
        if (image is not null)
        {
            Run("cp", "-a", image + "/.", Data);
        }

        Run("chown", user, Data, SocketFolder);
    }

    /// <summary>Where the data is.</summary>
    internal string Data => _folder.Combine("data");

    /// <summary>Where the socket is.</summary>
    internal string SocketFolder => _folder.Combine("run");

    /// <summary>A folder for what else belongs to the test.</summary>
    internal string Folder => _folder.Path;

    private string Log => Path.Combine(SocketFolder, "log");

    /// <summary>The server's first process.</summary>
    internal int ProcessId => _process!.Id;

    /// <summary>Asks the server for one value, a list of them by lines.</summary>
    internal abstract string Ask(string question);

    /// <summary>Opens a client that reads statements by lines and answers each by one.</summary>
    internal abstract AcknowledgedWriter StartWriter();

    /// <summary>Starts the program, and waits until it answers.</summary>
    private protected void Start(string probe, string program, params string[] arguments)
    {
        // Not by pipes: reading them would keep threads busy that other tests need.
        _process = SystemProcess.Start(AsUser(["sh", "-c", $"exec \"$0\" \"$@\" > {Log} 2>&1 < /dev/null", program, .. arguments]))!;
        try
        {
            Stopwatch waited = Stopwatch.StartNew();
            while (!_process.HasExited && RunningAgent.Run(AsUser("sh", "-c", $"{probe} > /dev/null 2>&1 || ! sleep 0.1")).Status != 0)
            {
                Assert.True(waited.Elapsed < s_startPatience, "the server does not answer");
            }

            Assert.False(_process.HasExited, File.ReadAllText(Log));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Ends the server as its service does, or kills it.</summary>
    /// <returns>All that it ever said.</returns>
    internal string Stop(bool kill = false)
    {
        Signal(ProcessId, kill ? SigKill : NativeCalls.SIGTERM);
        Assert.True(_process!.WaitForExit(RunningAgent.Patience), "the server does not end");
        return File.ReadAllText(Log);
    }

    /// <summary>The server stops where it is, with all its processes, until the result is disposed of.</summary>
    internal IDisposable Halt() => new Pause([ProcessId, .. ChildrenOf(ProcessId)]);

    /// <summary>One of the server's processes does.</summary>
    internal IDisposable HaltChild(string name) =>
        new Pause([.. ChildrenOf(ProcessId).Where(child => ReadOrNothing($"/proc/{child}/cmdline").Contains(name, StringComparison.Ordinal))]);

    /// <summary>
    /// A copy of the data at one instant, as the snapshot of a frozen filesystem is one: nothing is written while it is made, for the server does
    /// not run. What it holds in its memory is not in it.
    /// </summary>
    internal string TakeSnapshot()
    {
        string image = _folder.Combine($"image-{Guid.NewGuid():N}");
        using (Halt())
        {
            Run("cp", "-a", Data, image);
        }

        return image;
    }

    /// <summary>A command as the server's user.</summary>
    private protected ProcessStartInfo AsUser(params string[] words) =>
        new("setpriv", [$"--reuid={_user}", $"--regid={_user}", "--init-groups", "--", .. words]) { WorkingDirectory = "/" };

    /// <summary>Runs a command that must succeed.</summary>
    /// <returns>Its output without the last line's end.</returns>
    private protected static string Run(ProcessStartInfo start)
    {
        (int status, string output) = RunningAgent.Run(start);
        Assert.True(status == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with status {status}: {output}");
        return output.TrimEnd('\n');
    }

    private protected static string Run(string program, params string[] arguments) => Run(new ProcessStartInfo(program, arguments));

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (_process is { HasExited: false })
        {
            // Its children first see that it is gone, and would still be in the folder.
            int[] processes = [ProcessId, .. ChildrenOf(ProcessId)];
            foreach (int process in processes)
            {
                Assert.InRange(NativeCalls.Kill(process, SigKill), -1, 0);
            }

            _process.WaitForExit();
            RunningAgent.WaitUntil(() => !processes.Any(process => Directory.Exists($"/proc/{process}")), "the server's processes to end");
        }

        _process?.Dispose();
        _folder.Dispose();
    }

    private static void Signal(int number, int signal) => Assert.Equal(0, NativeCalls.Kill(number, signal));

    private static IEnumerable<int> ChildrenOf(int parent) => Directory.GetDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
        .Where(name => Regex.IsMatch(ReadOrNothing($"/proc/{name}/stat"), $@"\) \S {parent} "))
        .Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static string ReadOrNothing(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Processes that stand still.</summary>
    private sealed class Pause : IDisposable
    {
        private readonly int[] _processes;

        internal Pause(int[] processes)
        {
            _processes = processes;
            Assert.NotEmpty(processes);
            try
            {
                foreach (int process in processes)
                {
                    Assert.InRange(NativeCalls.Kill(process, SigStop), -1, 0);
                }

                RunningAgent.WaitUntil(() => processes.All(IsStill), "processes to stop");
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            foreach (int process in _processes)
            {
                Assert.InRange(NativeCalls.Kill(process, SigCont), -1, 0);
            }
        }

        // One of them may have ended before it could be stopped: a session of a client that is gone.
        private static bool IsStill(int process)
        {
            try
            {
                return Directory.GetDirectories($"/proc/{process}/task").All(thread => Regex.IsMatch(ReadOrNothing($"{thread}/stat"), @"\) [TZ] |^$"));
            }
            catch (DirectoryNotFoundException)
            {
                return true;
            }
        }
    }
}
