using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace EndToEnd.ProcessSuite;

/// <summary>Programs that a host reads along with, writes to, signals and bounds, and that run as others: judged by what the processes are and do.</summary>
[Trait("Suite", "process")]
public sealed class ExecStreamTests
{
    [Fact]
    public void A_conversation_with_a_program_goes_both_ways()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        long pid = Start(host, "while read line; do echo \"heard $line\"; done; echo bye >&2; exit 7", input: true);

        Write(host, pid, "one\n", 0);
        Assert.Equal("heard one\n", ReadText(host, pid, 0));
        Write(host, pid, "two\n", 4, end: true);
        Reading all = ReadToEnd(host, pid, outCursor: 10);

        Assert.Equal("heard two\n", all.Output);
        Assert.Equal("bye\n", all.Error);
        Assert.Equal(7, (int)all.Last["exitcode"]!);
        JsonNode status = host.Call("guest-exec-status", new { pid });
        Assert.Equal("""{"exited":true,"exitcode":7}""", status.ToJsonString());
        Assert.Equal($"PID {pid} does not exist", host.Refused("__org.guestwire_exec-read", new { pid }));
    }

    [Fact]
    public void A_lost_reply_is_asked_for_again_and_nothing_is_missing()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink first = agent.Connect();
        long pid = Start(first, "seq 1 200000");
        JsonNode lost = first.Call("__org.guestwire_exec-read", new Dictionary<string, object> { ["pid"] = pid, ["wait"] = 5000 });
        Assert.NotNull(lost["out-data"]);
        first.Dispose();

        using HostLink second = agent.Connect();
        Reading all = ReadToEnd(second, pid, outCursor: 0);

        Assert.Equal(string.Concat(Enumerable.Range(1, 200_000).Select(number => $"{number}\n")), all.Output);
    }

    [Fact]
    public void A_program_whose_host_does_not_read_waits_and_the_agent_stays_small_and_idle()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        long before = agent.ResidentKib;
        long pid = Start(host, "head -c 50000000 /dev/zero; echo done >&2");
        RunningAgent.WaitUntil(() => StateOf(pid, "head") == 'S' && CpuStands(agent), "the program to wait");

        Assert.InRange(agent.ResidentKib - before, 0, 4096);
        long length = 0;
        long cursor = 0;
        while (true)
        {
            JsonNode part = host.Call("__org.guestwire_exec-read", Reads(pid, cursor, 0));
            cursor = (long)part["out-cursor"]!;
            length += part["out-data"] is { } data ? Convert.FromBase64String((string)data!).Length : 0;
            Assert.InRange(agent.ResidentKib - before, 0, 12 * 1024);
            if ((bool)part["out-ended"]!)
            {
                break;
            }
        }

        Assert.Equal((50_000_000, 50_000_000), (length, cursor));
    }

    [Fact]
    public void Input_of_megabytes_reaches_a_program_that_reads_slowly()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        long pid = Start(host, "sleep 0.1; sha256sum", input: true);
        byte[] bytes = new byte[5_000_000];
        new Random(5).NextBytes(bytes);

        long cursor = 0;
        bool isOpen = true;
        while (isOpen)
        {
            byte[] piece = bytes[(int)cursor..(int)Math.Min(bytes.Length, cursor + 700_000)];
            JsonNode reply = host.Call("__org.guestwire_exec-write", new Dictionary<string, object>
            {
                ["pid"] = pid,
                ["cursor"] = cursor,
                ["buf-b64"] = Convert.ToBase64String(piece),
                ["end"] = cursor + piece.Length == bytes.Length,
                ["wait"] = 5000,
            });
            (cursor, isOpen) = ((long)reply["cursor"]!, (bool)reply["open"]!);
        }

        Assert.Equal(bytes.Length, cursor);
        Assert.StartsWith(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), ReadToEnd(host, pid, 0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_reaches_the_children_too()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        long pid = Start(host, "sleep 1000 & echo $!; wait");
        int child = int.Parse(ReadText(host, pid, 0), CultureInfo.InvariantCulture);
        Assert.True(IsAlive(child));

        host.Call("__org.guestwire_exec-signal", new { pid, signal = NativeCalls.SIGTERM });

        Assert.Equal(NativeCalls.SIGTERM, (int)ReadToEnd(host, pid, 0).Last["signal"]!);
        RunningAgent.WaitUntil(() => !IsAlive(child), "the child to end");
    }

    [Fact]
    public void Time_that_is_up_ends_a_program_and_its_children()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        long pid = Start(host, "sleep 1000 & echo $!; wait", more: new() { ["timeout"] = 1 });
        int child = int.Parse(ReadText(host, pid, 0), CultureInfo.InvariantCulture);

        Assert.Equal(NativeCalls.SIGTERM, (int)ReadToEnd(host, pid, 0).Last["signal"]!);
        RunningAgent.WaitUntil(() => !IsAlive(child), "the child to end");
        Assert.Equal("value '0' is invalid for argument timeout", host.Refused("guest-exec", new { path = "/bin/true", timeout = 0 }));
    }

    [Fact]
    public void A_program_runs_as_the_user_with_all_groups_and_a_home_and_nothing_of_the_agents()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();

        string seen = Output(host, new()
        {
            ["path"] = "/bin/sh",
            ["arg"] = (string[])["-c", "id -un; id -u; id -g; echo $HOME $USER $LOGNAME; pwd; grep -E '^(Sig(Blk|Ign)|CapEff)' /proc/self/status; ls /proc/$$/fd; ps -o pgid= -p $$ | tr -d ' '; echo $$"],
            ["user"] = "daemon",
            ["cwd"] = "/usr",
        });

        string[] lines = seen.Split('\n');
        Assert.Equal(["daemon", "1", "1", "/usr/sbin daemon daemon", "/usr", "SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "CapEff:\t0000000000000000", "0", "1", "2"], lines[..11]);
        Assert.Equal(lines[11], lines[12]);
        Assert.Equal("uid=1(daemon) gid=1(daemon) groups=1(daemon)\n", Output(host, new() { ["path"] = "id", ["user"] = "1" }));
        Assert.Equal("A=1\n", Output(host, new() { ["path"] = "/usr/bin/env", ["user"] = "daemon", ["env"] = (string[])["A=1"] }));
    }

    [Fact]
    public void What_the_user_may_not_do_is_an_error_that_says_so_and_leaves_nothing_behind()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        Directory.CreateDirectory(agent["closed"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        host.Execute(new Dictionary<string, object> { ["path"] = "/bin/true", ["user"] = "daemon" });
        string[] before = [.. agent.Descriptors.Order()];

        Assert.Equal(
            $"cannot enter '{agent["closed"]}': Permission denied",
            host.Refused("guest-exec", new { path = "/bin/true", user = "daemon", cwd = agent["closed"] }));
        Assert.Equal(
            "Failed to execute child process \u201C/etc/passwd\u201D (Permission denied)", host.Refused("guest-exec", new { path = "/etc/passwd", user = "daemon" }));
        Assert.Equal(
            "Failed to execute child process \u201C/nonesuch\u201D (No such file or directory)", host.Refused("guest-exec", new { path = "/nonesuch", user = "daemon" }));
        Assert.Equal("there is no user 'nonesuch'", host.Refused("guest-exec", new { path = "/bin/true", user = "nonesuch" }));
        Assert.Equal("cannot enter '/nonesuch': No such file or directory", host.Refused("guest-exec", new { path = "/bin/true", cwd = "/nonesuch" }));
        Assert.Equal("cwd 'usr' is not an absolute path", host.Refused("guest-exec", new { path = "/bin/true", cwd = "usr" }));

        Assert.Equal(before, agent.Descriptors.Order());
        Assert.Equal("", File.ReadAllText($"/proc/{agent.ProcessId}/task/{agent.ProcessId}/children"));
    }

    [Fact]
    public void The_launcher_s_word_makes_nothing_happen_for_others() =>
        Assert.Equal(127, RunningAgent.Run("/bin/sh", "-c", $"exec {RunningAgent.Program} --become-program-of-user 3< /dev/null 4> /dev/null").Status);

    private static long Start(HostLink host, string commandLine, bool input = false, Dictionary<string, object>? more = null)
    {
        Dictionary<string, object> arguments = new(more ?? [])
        {
            ["path"] = "/bin/sh",
            ["arg"] = (string[])["-c", commandLine],
            ["capture-output"] = true,
            ["stream-output"] = true,
            ["stream-input"] = input,
        };
        return (long)host.Call("guest-exec", arguments)["pid"]!;
    }

    private static string Output(HostLink host, Dictionary<string, object> arguments)
    {
        arguments["capture-output"] = true;
        JsonNode status = host.Execute(arguments);
        return Encoding.UTF8.GetString(Convert.FromBase64String((string)status["out-data"]!));
    }

    private static Dictionary<string, object> Reads(long pid, long outCursor, long errCursor) =>
        new() { ["pid"] = pid, ["out-cursor"] = outCursor, ["err-cursor"] = errCursor, ["wait"] = 10_000 };

    private static string ReadText(HostLink host, long pid, long cursor) =>
        StartTests.Decode(host.Call("__org.guestwire_exec-read", Reads(pid, cursor, 0))["out-data"]!);

    private static void Write(HostLink host, long pid, string text, long cursor, bool end = false) =>
        host.Call("__org.guestwire_exec-write", new Dictionary<string, object>
        {
            ["pid"] = pid,
            ["cursor"] = cursor,
            ["buf-b64"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
            ["end"] = end,
        });

    private static Reading ReadToEnd(HostLink host, long pid, long outCursor)
    {
        StringBuilder output = new();
        StringBuilder error = new();
        long errCursor = 0;
        while (true)
        {
            JsonNode part = host.Call("__org.guestwire_exec-read", Reads(pid, outCursor, errCursor));
            output.Append(part["out-data"] is { } outData ? StartTests.Decode(outData) : "");
            error.Append(part["err-data"] is { } errData ? StartTests.Decode(errData) : "");
            (outCursor, errCursor) = ((long)part["out-cursor"]!, (long)part["err-cursor"]!);
            if ((bool)part["exited"]! && (bool)part["out-ended"]! && (bool)part["err-ended"]!)
            {
                return new Reading(output.ToString(), error.ToString(), part);
            }
        }
    }

    // A zombie has ended; who reaps it is not ours to say.
    private static bool IsAlive(int pid) => File.Exists($"/proc/{pid}/stat") && StateIn($"/proc/{pid}/stat") is not ('Z' or 'X' or ' ');

    private static char StateOf(long parent, string name)
    {
        string[] children = File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return children.Length > 0 && File.ReadAllText($"/proc/{children[0]}/comm").StartsWith(name, StringComparison.Ordinal)
            ? StateIn($"/proc/{children[0]}/stat")
            : ' ';
    }

    private static char StateIn(string path)
    {
        try
        {
            string stat = File.ReadAllText(path);
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return ' ';
        }
    }

    private static bool CpuStands(RunningAgent agent)
    {
        long ticks = agent.CpuTicks;
        Thread.Sleep(200);
        return agent.CpuTicks == ticks;
    }

    private sealed record Reading(string Output, string Error, JsonNode Last);
}
