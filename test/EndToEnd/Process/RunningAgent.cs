using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using EndToEnd.Sandbox;
using SystemProcess = System.Diagnostics.Process;

namespace EndToEnd.ProcessSuite;

/// <summary>The agent's program, started on this machine in a folder of its own; only harmless commands are asked of it.</summary>
internal sealed class RunningAgent : IDisposable
{
    /// <summary>How long anything may take that takes milliseconds; only a test that fails waits for it.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder;
    private readonly SystemProcess _process;
    private readonly Task<string> _complaints;

    private RunningAgent(TemporaryFolder folder, ProcessStartInfo start)
    {
        _folder = folder;
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardInput = true;
        _process = SystemProcess.Start(start)!;
        _complaints = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The program; a test without it says how to get it.</summary>
    internal static string Program =>
        File.Exists(AgentBinary.Ours.Path)
            ? AgentBinary.Ours.Path
            : throw new FileNotFoundException($"no agent at {AgentBinary.Ours.Path} (./build makes it)", AgentBinary.Ours.Path);

    /// <summary>The number of the process.</summary>
    internal int ProcessId => _process.Id;

    /// <summary>Processor time used so far, in ticks of 10 ms: fields 14 and 15. Source: proc_pid_stat(5).</summary>
    internal long CpuTicks
    {
        get
        {
            string stat = File.ReadAllText($"/proc/{ProcessId}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The most memory it ever had, in KiB.</summary>
    internal long PeakKib => StatusKib("VmHWM:");

    /// <summary>The memory it has now, in KiB.</summary>
    internal long ResidentKib => StatusKib("VmRSS:");

    /// <summary>What its descriptors are, but for its hosts' connections, which it may not yet have closed.</summary>
    internal IEnumerable<string> Descriptors =>
        Directory.GetFiles($"/proc/{ProcessId}/fd").Select(link => new FileInfo(link).LinkTarget ?? "")
            .Where(name => !name.StartsWith("socket:", StringComparison.Ordinal));

    /// <summary>Starts an agent on a unix socket in its own folder and waits until it listens.</summary>
    /// <param name="more">More arguments.</param>
    internal static RunningAgent OnSocket(params string[] more) => OnSocket(new TemporaryFolder(), _ => { }, more);

    /// <summary>The same with a folder that is prepared already, and changes to the start.</summary>
    internal static RunningAgent OnSocket(TemporaryFolder folder, Action<ProcessStartInfo> change, params string[] more)
    {
        ProcessStartInfo start = new(Program, ["-m", "unix-listen", "-p", folder.Combine("socket"), "-t", folder.Path, .. more]);
        change(start);
        RunningAgent agent = new(folder, start);
        try
        {
            agent.WaitUntilItListens();
            return agent;
        }
        catch
        {
            agent.Dispose();
            throw;
        }
    }

    /// <summary>Starts a program that is or becomes the agent.</summary>
    internal static RunningAgent Start(TemporaryFolder folder, string program, params string[] arguments) =>
        new(folder, new ProcessStartInfo(program, arguments));

    /// <summary>Runs the program to its end.</summary>
    /// <returns>Its status and what it wrote.</returns>
    internal static (int Status, string Output) Run(string program, params string[] arguments) => Run(new ProcessStartInfo(program, arguments));

    /// <summary>The same, started in some way of its own.</summary>
    internal static (int Status, string Output) Run(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        using SystemProcess process = SystemProcess.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Patience), "it does not end");
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>Waits until something is so.</summary>
    internal static void WaitUntil(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Patience), $"waited in vain for {what}");

    /// <summary>A path in the agent's folder.</summary>
    internal string this[string name] => _folder.Combine(name);

    /// <summary>Connects a host.</summary>
    internal HostLink Connect() => HostLink.ToSocket(this["socket"]);

    /// <summary>Sends a signal and waits for the end.</summary>
    /// <returns>The exit status.</returns>
    internal int Stop(int signal)
    {
        Assert.Equal(0, NativeCalls.Kill(ProcessId, signal));
        Assert.True(_process.WaitForExit(Patience), "it does not end");
        return _process.ExitCode;
    }

    /// <summary>What it wrote to its standard error in its whole life, which must be over.</summary>
    internal string Complaints => _complaints.Result;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    /// <summary>Waits until it listens on the socket in its folder; the file is there a moment earlier.</summary>
    internal void WaitUntilItListens() => WaitUntil(
        () =>
        {
            Assert.False(_process.HasExited, _process.HasExited ? $"it ended: {Complaints}" : "");
            using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                probe.Connect(new UnixDomainSocketEndPoint(this["socket"]));
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        "the agent to listen");

    private long StatusKib(string name)
    {
        string line = File.ReadLines($"/proc/{ProcessId}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
