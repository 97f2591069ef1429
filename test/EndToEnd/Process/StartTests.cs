using System.Globalization;
using System.Net.Sockets;
using EndToEnd.Sandbox;

namespace EndToEnd.ProcessSuite;

/// <summary>How the program starts and how it ends.</summary>
[Trait("Suite", "process")]
public sealed class StartTests
{
    private static readonly string[] CatAndComplain = ["-c", "cat; echo err >&2"];

    [Fact]
    public void A_daemon_writes_its_number_serves_and_cleans_up()
    {
        using TemporaryFolder folder = new();
        (int status, string output) = Daemon(folder, "socket");
        int processId = int.Parse(File.ReadAllText(folder.Combine("pid")), CultureInfo.InvariantCulture);
        try
        {
            Assert.Equal((0, ""), (status, output));
            using HostLink host = HostLink.ToSocket(folder.Combine("socket"));
            Assert.Equal("{}", host.Call("guest-ping").ToJsonString());
        }
        finally
        {
            Assert.Equal(0, NativeCalls.Kill(processId, NativeCalls.SIGTERM));
        }

        RunningAgent.WaitUntil(() => !File.Exists(folder.Combine("pid")), "the pid file to go");
        RunningAgent.WaitUntil(() => !File.Exists(folder.Combine("socket")), "the socket to go");
        RunningAgent.WaitUntil(() => NativeCalls.Kill(processId, 0) < 0, "the daemon to end");
    }

    [Fact]
    public void A_second_daemon_on_the_same_pid_file_says_so_with_its_status()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(0, Daemon(folder, "socket").Status);
        string first = File.ReadAllText(folder.Combine("pid"));
        try
        {
            (int status, string output) = Daemon(folder, "other");

            Assert.Equal(1, status);
            Assert.Contains("Cannot lock pid file", output, StringComparison.Ordinal);
            Assert.Equal(first, File.ReadAllText(folder.Combine("pid")));
            using HostLink host = HostLink.ToSocket(folder.Combine("socket"));
            host.Call("guest-ping");
        }
        finally
        {
            int processId = int.Parse(first, CultureInfo.InvariantCulture);
            Assert.Equal(0, NativeCalls.Kill(processId, NativeCalls.SIGTERM));
            RunningAgent.WaitUntil(() => NativeCalls.Kill(processId, 0) < 0, "the daemon to end");
        }
    }

    [Theory]
    [InlineData("-d")]
    [InlineData("-v")]
    public void A_missing_device_is_told_by_the_status(string option)
    {
        using TemporaryFolder folder = new();
        (int status, string output) = RunningAgent.Run(
            RunningAgent.Program, option, "-p", folder.Combine("missing"), "-t", folder.Path, "-f", folder.Combine("pid"));

        Assert.Equal(1, status);
        Assert.Contains("failed to create guest agent channel", output, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Combine("pid")));
    }

    [Fact]
    public void With_retry_path_a_device_may_appear_later()
    {
        using PseudoTerminal line = new();
        TemporaryFolder folder = new();
        using RunningAgent agent = RunningAgent.Start(
            folder, RunningAgent.Program, "-r", "-v", "-l", folder.Combine("log"), "-m", "isa-serial", "-p", folder.Combine("line"), "-t", folder.Path);
        RunningAgent.WaitUntil(
            () => File.Exists(agent["log"]) && File.ReadAllText(agent["log"]).Contains("waiting for channel path", StringComparison.Ordinal),
            "the agent to wait");

        File.CreateSymbolicLink(agent["line"], line.Path);
        Assert.Contains("stray", line.Link.Greet(), StringComparison.Ordinal);
        line.Link.Call("guest-ping");
    }

    [Theory]
    [InlineData(NativeCalls.SIGTERM)]
    [InlineData(NativeCalls.SIGINT)]
    public void A_signal_ends_the_agent_with_status_0_every_time(int signal)
    {
        for (int i = 0; i < 20; i++)
        {
            using RunningAgent agent = RunningAgent.OnSocket();
            if (i % 2 == 0)
            {
                using HostLink host = agent.Connect();
                host.Call("guest-get-fsinfo");
            }

            Assert.Equal(0, agent.Stop(signal));
            Assert.False(File.Exists(agent["socket"]));
        }
    }

    [Fact]
    public void A_file_that_is_no_socket_is_refused_and_left_alone()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("socket"), "precious");

        (int status, string output) = RunningAgent.Run(
            RunningAgent.Program, "-m", "unix-listen", "-p", folder.Combine("socket"), "-t", folder.Path);

        Assert.Equal(1, status);
        Assert.Contains("is not a socket", output, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(folder.Combine("socket")));
    }

    [Fact]
    public void A_socket_that_a_dead_agent_left_is_replaced()
    {
        TemporaryFolder folder = new();
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(folder.Combine("made")));
            File.Move(folder.Combine("made"), folder.Combine("socket"));
        }

        using RunningAgent agent = RunningAgent.OnSocket(folder, _ => { });
        using HostLink host = agent.Connect();
        host.Call("guest-ping");
    }

    [Fact]
    public void A_service_manager_may_hand_over_the_socket()
    {
        TemporaryFolder folder = new();
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(folder.Combine("handed")));
        listener.Listen();
        Assert.Equal(0, NativeCalls.Control(listener.Handle, NativeCalls.F_SETFD, 0));

        // The protocol wants the number of the process that is meant, which only that process knows beforehand.
        using RunningAgent agent = RunningAgent.Start(
            folder, "/bin/bash", "-c", $"LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" -t '{folder.Path}' 3<&{listener.Handle}", RunningAgent.Program);
        using HostLink host = HostLink.ToSocket(folder.Combine("handed"));

        Assert.Equal("{}", host.Call("guest-ping").ToJsonString());
        string environment = Decode(host.Execute(new Dictionary<string, object> { ["path"] = "/usr/bin/env", ["capture-output"] = true })["out-data"]!);
        Assert.DoesNotContain("LISTEN_", environment, StringComparison.Ordinal);
        Assert.Equal(0, agent.Stop(NativeCalls.SIGTERM));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void It_starts_with_next_to_no_environment(int variables)
    {
        using RunningAgent agent = RunningAgent.OnSocket(new TemporaryFolder(), start =>
        {
            start.Environment.Clear();
            if (variables > 0)
            {
                start.Environment["LANG"] = "C";
            }
        });
        using HostLink host = agent.Connect();

        host.Call("guest-ping");
        host.Call("guest-get-timezone");
        Assert.Equal(0, host.Execute(new { path = "true" })["exitcode"]!.GetValue<int>());
        Assert.Equal(0, agent.Stop(NativeCalls.SIGTERM));
    }

    [Fact]
    public void It_may_be_called_by_the_references_name()
    {
        TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.Combine("qemu-ga"), RunningAgent.Program);
        Assert.StartsWith("QEMU Guest Agent ", RunningAgent.Run(folder.Combine("qemu-ga"), "--version").Output, StringComparison.Ordinal);

        using RunningAgent agent = RunningAgent.OnSocket(folder, start => start.FileName = folder.Combine("qemu-ga"));
        using HostLink host = agent.Connect();
        host.Call("guest-ping");
    }

    [Fact]
    public void Started_with_its_standard_streams_closed_it_serves_and_runs_programs()
    {
        TemporaryFolder folder = new();
        using RunningAgent agent = RunningAgent.Start(
            folder, "/bin/sh", "-c", $"exec \"$0\" -v -m unix-listen -p '{folder.Combine("socket")}' -t '{folder.Path}' <&- >&- 2>&-", RunningAgent.Program);
        agent.WaitUntilItListens();
        using HostLink host = agent.Connect();

        for (int i = 0; i < 3; i++)
        {
            System.Text.Json.Nodes.JsonNode status = host.Execute(new Dictionary<string, object>
            {
                ["path"] = "/bin/sh",
                ["arg"] = CatAndComplain,
                ["input-data"] = Convert.ToBase64String("in"u8),
                ["capture-output"] = true,
            });
            Assert.Equal("in", Decode(status["out-data"]!));
            Assert.Equal("err\n", Decode(status["err-data"]!));
        }
    }

    internal static string Decode(System.Text.Json.Nodes.JsonNode base64) =>
        System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(base64.GetValue<string>()));

    private static (int Status, string Output) Daemon(TemporaryFolder folder, string socket) => RunningAgent.Run(
        RunningAgent.Program, "-d", "-f", folder.Combine("pid"), "-m", "unix-listen", "-p", folder.Combine(socket), "-t", folder.Path);
}
