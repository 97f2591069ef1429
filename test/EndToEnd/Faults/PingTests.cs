using System.Text;
using EndToEnd.ProcessSuite;
using EndToEnd.Sandbox;
using Xunit.Abstractions;

namespace EndToEnd.Faults;

/// <summary>A ping is answered within 50 ms, whatever fifteen other hosts do meanwhile.</summary>
[Collection(FaultsCollection.Name)]
[Trait("Suite", "faults")]
public sealed class PingTests(ITestOutputHelper output) : IDisposable
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>All that are served at once, but for the one that pings.</summary>
    private const int OtherHosts = 15;

    private static readonly string[] TwentySeconds = ["20"];

    private readonly RunningAgent _agent = RunningAgent.OnSocket();
    private readonly TemporaryFolder _memory = TemporaryFolder.InMemory();

    public void Dispose()
    {
        _agent.Dispose();
        _memory.Dispose();
    }

    [Fact]
    public void While_others_write_40_MiB_at_once()
    {
        byte[] end = "\"}}\n"u8.ToArray();
        byte[] content = Encoding.Latin1.GetBytes(Convert.ToBase64String(new byte[40 * Mebibyte]));
        using HostLink opener = _agent.Connect();
        int handle = opener.Call("guest-file-open", new { path = _memory.Combine("written"), mode = "w" }).GetValue<int>();
        byte[] start = Encoding.Latin1.GetBytes($"{{\"execute\":\"guest-file-write\",\"arguments\":{{\"handle\":{handle},\"buf-b64\":\"");
        string seek = HostLink.Request("guest-file-seek", new { handle, offset = 0, whence = 0 }) + "\n";

        Watch(3, 6, "three others write 40 MiB at once", host =>
        {
            host.Send(seek);
            host.SkipLine();
            host.Send(start);
            host.Send(content);
            host.Send(end);
            Assert.Contains($"\"count\": {40 * Mebibyte}", host.ReadLine(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void While_others_read_48_MiB_at_once()
    {
        string path = LargeFile();

        Watch(3, 6, "three others read 48 MiB at once", host =>
        {
            AskForAll(host, path);
            Assert.InRange(host.SkipLine(), 64L * Mebibyte, long.MaxValue);
            host.SkipLine();
        });
    }

    [Fact]
    public void While_others_do_not_read_the_48_MiB_that_they_asked_for()
    {
        string path = LargeFile();
        using PingWatch watch = PingWatch.Of(_agent);
        List<HostLink> deaf = [];
        for (int i = 0; i < OtherHosts; i++)
        {
            HostLink host = _agent.Connect();
            deaf.Add(host);
            AskForAll(host, path);
            Assert.True(host.HearsSomething(RunningAgent.Patience));
        }

        Await(watch, 200);
        deaf.ForEach(host => host.Dispose());
        Conclude(watch, "fifteen others do not read");
    }

    [Fact]
    public void While_others_read_slowly()
    {
        string path = LargeFile();
        using PingWatch watch = PingWatch.Of(_agent);
        using BusyHosts slow = new(_agent, OtherHosts, host =>
        {
            AskForAll(host, path);
            for (int turn = 0; turn < 20; turn++)
            {
                // One buffer for each ping: slower than the agent, never stopping.
                Await(watch, 1);
                host.ReadSome();
            }

            host.SkipLine();
            host.SkipLine();
        });
        slow.Await(OtherHosts);
        Conclude(watch, "fifteen others read slowly");
    }

    [Fact]
    public void While_others_send_requests_as_fast_as_they_can()
    {
        byte[] requests = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(HostLink.Request("guest-info") + "\n", 50)));

        Watch(OtherHosts, 10 * OtherHosts, "fifteen others ask without pause", host =>
        {
            host.Send(requests);
            for (int i = 0; i < 50; i++)
            {
                host.SkipLine();
            }
        });
    }

    [Theory]
    [InlineData("{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"", "x", 60 * Mebibyte, "\"}}\n")]
    [InlineData("{\"execute\":\"", "x", 60 * Mebibyte, "\"}\n")]
    [InlineData("{\"execute\":\"guest-ping\",\"id\":\"", "\\n", Mebibyte, "\"}\n")]
    [InlineData("{\"execute\":\"guest-ping\",\"id\":\"", "\\n", 31 * Mebibyte, "\"}\n")]
    [InlineData("{\"execute\":\"guest-ping\",\"id\":\"", "\\u000a", 10 * Mebibyte, "\"}\n")]
    [InlineData("{\"execute\":\"guest-ping\",\"arguments\":{\"a\":[1", ",1", Mebibyte - 100, "]}}\n")]
    [InlineData("{\"execute\":\"guest-ping\",\"arguments\":{\"a\":[[]", ",[]", (Mebibyte * 2 / 3) - 100, "]}}\n")]
    [InlineData("{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/nonexistent\",\"arg\":[\"\"", ",\"\"", Mebibyte / 2, "]}}\n")]
    [InlineData("", "a", 60 * Mebibyte, "\n{}\n")]
    [InlineData("", "[", 1025, "\n")]
    [InlineData("\"", "x", (64 * Mebibyte) + 10, "\n")]
    public void While_another_sends_an_absurd_request(string start, string repeated, int times, string end)
    {
        byte[] request = Encoding.Latin1.GetBytes(start + new StringBuilder(repeated.Length * times).Insert(0, repeated, times) + end);

        Watch(1, 2, $"another sends {start} and {times} times {repeated}", host =>
        {
            host.Send(request);
            host.SkipLine();
            host.Send("\u00FF" + HostLink.Request("guest-sync", new { id = 77 }) + "\n");
            while (host.ReadLine() != "{\"return\": 77}")
            {
            }
        });
    }

    [Fact]
    public void While_programs_run_and_write_without_end()
    {
        using HostLink starter = _agent.Connect();
        for (int i = 0; i < 20; i++)
        {
            starter.Call("guest-exec", new Dictionary<string, object> { ["path"] = "/bin/sleep", ["arg"] = TwentySeconds, ["capture-output"] = true });
        }

        string[] flood = ["-c", "head -c 30000000 /dev/zero"];
        Watch(4, 12, "programs write without end", host =>
            host.Execute(new Dictionary<string, object> { ["path"] = "/bin/sh", ["arg"] = flood, ["capture-output"] = true }));
    }

    private void Watch(int hosts, int rounds, string during, Action<HostLink> deed)
    {
        using PingWatch watch = PingWatch.Of(_agent);
        using (BusyHosts busy = new(_agent, hosts, deed))
        {
            busy.Await(rounds);
            Await(watch, 50);
        }

        Conclude(watch, during);
    }

    private void Conclude(PingWatch watch, string during)
    {
        watch.AssertInTime(during);
        output.WriteLine($"{watch.Count} pings while {during}; the slowest took {watch.Slowest.TotalMilliseconds:F1} ms in all");
    }

    private static void Await(PingWatch watch, int pings)
    {
        int goal = watch.Count + pings;
        RunningAgent.WaitUntil(() => watch.Count >= goal || watch.HasFailed, "the pings");
    }

    private string LargeFile()
    {
        string path = _memory.Combine("large");
        using FileStream file = File.Create(path);
        file.SetLength(48 * Mebibyte);
        return path;
    }

    private static void AskForAll(HostLink host, string path)
    {
        int handle = host.Call("guest-file-open", new { path }).GetValue<int>();
        host.Send(HostLink.Request("guest-file-read", new { handle, count = 48 * Mebibyte }) + "\n");
        host.Send(HostLink.Request("guest-file-close", new { handle }) + "\n");
    }
}
