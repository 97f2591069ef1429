using System.Diagnostics;
using System.Globalization;
using EndToEnd.Sandbox;

namespace EndToEnd.ProcessSuite;

/// <summary>What the running program may still do, as the kernel tells it and as files show it.</summary>
[Trait("Suite", "process")]
public sealed class PrivilegeTests
{
    // Source: linux/capability.h.
    private const ulong DacReadSearch = 1UL << 2;
    private const ulong SysAdmin = 1UL << 21;
    private const ulong SysBoot = 1UL << 22;
    private const ulong SysTime = 1UL << 25;

    private static readonly string[] s_sets = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"];

    [Theory]
    [InlineData("profile=managed", DacReadSearch | SysAdmin | SysTime | SysBoot)]
    [InlineData("profile=backup", DacReadSearch | SysAdmin)]
    [InlineData("profile=readonly", DacReadSearch)]
    [InlineData("profile=readonly", 0UL, "-a", "guest-ping")]
    public void Every_thread_has_what_the_open_commands_need_and_no_more(string rule, ulong kept, params string[] options)
    {
        using RunningAgent agent = Start(rule, options);
        using HostLink host = agent.Connect();
        host.Call("guest-ping");

        string[] threads = ThreadsOf(agent);

        // An NVMe disk's health takes one more; and this machine may not have all there are.
        ulong expected = kept | (kept != 0 && Directory.Exists("/sys/class/nvme") && Directory.GetDirectories("/sys/class/nvme").Length > 0 ? SysAdmin : 0);
        ulong own = SetOf("/proc/self/status", "CapPrm");
        Assert.True(threads.Length >= 2, "the finalizer's thread is not there");
        Assert.All(threads, thread =>
        {
            Assert.Equal((expected & own, expected & own), (SetOf(thread, "CapPrm"), SetOf(thread, "CapEff")));
            Assert.Equal(expected & SetOf("/proc/self/status", "CapBnd"), SetOf(thread, "CapBnd"));
            Assert.Equal((0UL, 0UL), (SetOf(thread, "CapInh"), SetOf(thread, "CapAmb")));
            Assert.Equal("1", FieldOf(thread, "NoNewPrivs"));
        });
    }

    [Theory]
    [InlineData("profile=full")]
    [InlineData("profile=backup\n[exec all]\nprogram=/bin/cat\narguments=/proc/self/status")]
    public void An_agent_that_runs_programs_takes_nothing_from_them(string rule)
    {
        using RunningAgent agent = Start(rule);
        using HostLink host = agent.Connect();

        string status = StartTests.Decode(host.Execute(new Dictionary<string, object>
        {
            ["path"] = "/bin/cat",
            ["arg"] = (string[])["/proc/self/status"],
            ["capture-output"] = true,
        })["out-data"]!);

        File.WriteAllText(agent["program"], status);
        Assert.All(s_sets, set => Assert.Equal(SetOf("/proc/self/status", set), SetOf(agent["program"], set)));
        Assert.All(ThreadsOf(agent), thread => Assert.All(s_sets, set => Assert.Equal(SetOf("/proc/self/status", set), SetOf(thread, set))));
        Assert.Equal("0", FieldOf(agent["program"], "NoNewPrivs"));
    }

    [Fact]
    public void What_a_dead_agent_may_have_left_frozen_can_still_be_thawed()
    {
        TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("qga.state.isfrozen"), "");
        using RunningAgent agent = Start("profile=readonly", [], folder);
        using HostLink host = agent.Connect();

        Assert.Equal("frozen", host.Call("guest-fsfreeze-status").GetValue<string>());
        Assert.All(ThreadsOf(agent), thread => Assert.Equal(DacReadSearch | SysAdmin, SetOf(thread, "CapEff")));
    }

    // The kernel takes the bit from a file that is written to by one without CAP_FSETID.
    [Theory]
    [InlineData("profile=full", true)]
    [InlineData("profile=backup\nwrite-paths={folder}", false)]
    public void A_host_cannot_fill_a_setuid_program_through_an_agent_that_gave_up_what_that_takes(string rule, bool stays)
    {
        TemporaryFolder folder = new();
        string program = folder.Combine("program");
        File.WriteAllText(program, "");
        File.SetUnixFileMode(program, UnixFileMode.SetUser | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using RunningAgent agent = Start(rule.Replace("{folder}", folder.Path, StringComparison.Ordinal), [], folder);
        using HostLink host = agent.Connect();

        long handle = host.Call("guest-file-open", new { path = program, mode = "a" }).GetValue<long>();
        host.Call("guest-file-write", new Dictionary<string, object> { ["handle"] = handle, ["buf-b64"] = "Zm9yZWlnbg==" });
        host.Call("guest-file-close", new { handle });

        Assert.Equal("foreign", File.ReadAllText(program));
        Assert.Equal(stays, File.GetUnixFileMode(program).HasFlag(UnixFileMode.SetUser));
    }

    [Fact]
    public void An_agent_that_may_not_touch_the_bounding_set_gives_up_all_the_same()
    {
        TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("conf"), "[policy]\nprofile=backup\n");
        using RunningAgent agent = RunningAgent.OnSocket(
            folder,
            start =>
            {
                string[] arguments = ["--bounding-set=-setpcap", start.FileName, .. start.ArgumentList];
                start.FileName = "setpriv";
                start.ArgumentList.Clear();
                Array.ForEach(arguments, start.ArgumentList.Add);
            },
            "-c",
            folder.Combine("conf"));

        Assert.All(ThreadsOf(agent), thread =>
        {
            Assert.Equal(DacReadSearch | SysAdmin, SetOf(thread, "CapPrm"));
            Assert.Equal("1", FieldOf(thread, "NoNewPrivs"));
        });
    }

    [Fact]
    public void Socket_state_and_log_are_root_s_alone_however_generous_the_mask_is()
    {
        TemporaryFolder folder = new();
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        using RunningAgent agent = RunningAgent.OnSocket(folder, WithoutMask, "-l", folder.Combine("log"));
        using HostLink host = agent.Connect();
        host.Call("guest-ping");

        Assert.All(["socket", "log", "qga.state"], name =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(agent[name])));
        Assert.Equal(("connected\n", "Permission denied\n"), (TryToConnect(agent, 0), TryToConnect(agent, 65534)));
    }

    [Fact]
    public async Task A_socket_is_closed_to_others_from_its_first_moment()
    {
        TemporaryFolder folder = new();
        using CancellationTokenSource end = new();
        Task<HashSet<UnixFileMode>> modes = Task.Factory.StartNew(
            () => WatchMode(folder.Combine("socket"), end.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using RunningAgent agent = RunningAgent.OnSocket(folder, WithoutMask);
        await end.CancelAsync();

        Assert.Equal([UnixFileMode.UserRead | UnixFileMode.UserWrite], await modes);
    }

    // Looks as often as it can, and at least once when the socket is there.
    private static HashSet<UnixFileMode> WatchMode(string path, CancellationToken end)
    {
        HashSet<UnixFileMode> seen = [];
        bool isOver;
        do
        {
            isOver = end.IsCancellationRequested;
            try
            {
                seen.Add(File.GetUnixFileMode(path));
            }
            catch (FileNotFoundException)
            {
                // Not yet.
            }
        }
        while (!isOver);
        return seen;
    }

    private static RunningAgent Start(string rule, string[]? options = null, TemporaryFolder? folder = null)
    {
        folder ??= new TemporaryFolder();
        File.WriteAllText(folder.Combine("conf"), $"[policy]\n{rule}\n");
        return RunningAgent.OnSocket(folder, _ => { }, ["-c", folder.Combine("conf"), .. options ?? []]);
    }

    private static void WithoutMask(ProcessStartInfo start)
    {
        string[] arguments = ["-c", "umask 0; exec \"$0\" \"$@\"", start.FileName, .. start.ArgumentList];
        start.FileName = "/bin/sh";
        start.ArgumentList.Clear();
        Array.ForEach(arguments, start.ArgumentList.Add);
    }

    private static string TryToConnect(RunningAgent agent, int user)
    {
        string id = user.ToString(CultureInfo.InvariantCulture);
        return RunningAgent.Run(
            "setpriv", "--reuid", id, "--regid", id, "--clear-groups", "perl", "-MSocket", "-e",
            "socket(S, PF_UNIX, SOCK_STREAM, 0); print connect(S, sockaddr_un($ARGV[0])) ? \"connected\\n\" : \"$!\\n\"", agent["socket"]).Output;
    }

    private static string[] ThreadsOf(RunningAgent agent) =>
        [.. Directory.GetDirectories($"/proc/{agent.ProcessId}/task").Select(thread => thread + "/status")];

    private static ulong SetOf(string status, string name) => ulong.Parse(FieldOf(status, name), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string FieldOf(string status, string name) =>
        File.ReadLines(status).First(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Trim();
}
