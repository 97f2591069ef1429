using System.Text;
using EndToEnd.Differential;
using EndToEnd.ProcessSuite;
using EndToEnd.Sandbox;
using Xunit.Abstractions;

namespace EndToEnd.Faults;

/// <summary>
/// Hours of work in a minute or two, in three rounds. Before the first the agent has done each thing a few times: what it has then is its idle
/// state, for code that has run stays in memory. After every round all must be as it was then, and memory within one megabyte of it.
/// </summary>
[Collection(FaultsCollection.Name)]
[Trait("Suite", "faults")]
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    private const int Rounds = 3;
    private const int Mebibyte = 1024 * 1024;

    /// <summary>What may stay, in KiB: docs/promises.md.</summary>
    private const long MayStayKib = 1024;

    /// <summary>Requests sent before the first reply is read.</summary>
    private const int Ahead = 40;

    private static readonly string[] Hello = ["hello"];

    private readonly RunningAgent _agent = RunningAgent.OnSocket();
    private readonly TemporaryFolder _memory = TemporaryFolder.InMemory();

    public void Dispose()
    {
        _agent.Dispose();
        _memory.Dispose();
    }

    [Fact]
    public void A_hundred_thousand_mixed_requests()
    {
        // Facts that take milliseconds each come as they are, the rest ten times as often.
        string[] slow = ["guest-get-fsinfo", "guest-get-disks", "guest-network-get-interfaces", "guest-get-users", "guest-get-memory-blocks"];
        byte[][] requests = [.. ReadOnlyRequests.All.Order(StringComparer.Ordinal).Select(request => Encoding.UTF8.GetBytes(request + "\n"))];
        byte[][] quick = [.. requests.Where(request => !slow.Any(Encoding.UTF8.GetString(request).Contains))];
        Random random = new(11);
        TextMutator broken = new(random, quick);
        using HostLink host = _agent.Connect();

        Soak("100 000 mixed requests", 100_000, 4_000, count =>
        {
            for (int sent = 0; sent < count; sent += Ahead)
            {
                using MemoryStream batch = new();
                for (int i = 0; i < Ahead; i++)
                {
                    batch.Write(random.Next(100) switch
                    {
                        < 1 => requests[random.Next(requests.Length)],
                        < 11 => [.. broken.Next(), 0xFF],
                        _ => quick[random.Next(quick.Length)],
                    });
                }

                // Whatever a broken one left open, a lone 0xFF ends.
                host.Send([.. batch.ToArray(), 0xFF, .. Encoding.UTF8.GetBytes(HostLink.Request("guest-sync", new { id = 1_000_000 + sent }) + "\n")]);
                while (host.ReadLine() != $"{{\"return\": {1_000_000 + sent}}}")
                {
                }
            }
        });
    }

    [Fact]
    public void Ten_thousand_connections()
    {
        int number = 0;
        Soak("10 000 connects", 10_000, 100, count =>
        {
            for (int i = 0; i < count; i++)
            {
                using HostLink host = _agent.Connect();
                switch (number++ % 4)
                {
                    case 0:
                        host.Call("guest-ping");
                        break;
                    case 1:
                        host.Send(HostLink.Request("guest-info"));
                        break;
                    case 2:
                        host.Send("{\"execute\":\"guest-sync\",\"arg");
                        break;
                }
            }
        });
    }

    [Fact]
    public void A_thousand_programs_with_output()
    {
        using HostLink host = _agent.Connect();
        string[] writes = ["-c", "head -c 20000 /dev/zero; echo fine >&2"];
        Dictionary<string, object> captured = new() { ["path"] = "/bin/sh", ["arg"] = writes, ["capture-output"] = true };
        Dictionary<string, object> silent = new() { ["path"] = "/bin/sh", ["arg"] = writes };

        Soak("1 000 programs, asked for", 1_000, 30, count =>
        {
            for (int i = 0; i < count; i++)
            {
                host.Execute(i % 4 == 0 ? silent : captured);
            }
        });
    }

    [Fact]
    public void Programs_that_nobody_asks_about()
    {
        // What was captured of them waits for an hour, and then for as long as there is place: beyond 1024 programs the oldest goes.
        using HostLink host = _agent.Connect();
        Dictionary<string, object> start = new() { ["path"] = "/bin/echo", ["arg"] = Hello, ["capture-output"] = "stdout" };

        Soak("programs, never asked for", 1_500, 1_100, count =>
        {
            for (int i = 0; i < count; i++)
            {
                long pid = host.Call("guest-exec", start)["pid"]!.GetValue<long>();
                RunningAgent.WaitUntil(() => !Directory.Exists($"/proc/{pid}"), "the program to be reaped");
            }
        });
    }

    [Fact]
    public void Large_reads_and_writes()
    {
        byte[] content = new byte[48 * Mebibyte];
        new Random(12).NextBytes(content);
        string path = _memory.Combine("file");
        string write = Convert.ToBase64String(content.AsSpan(0, 40 * Mebibyte));
        using HostLink host = _agent.Connect();

        Soak("48 MiB reads and 40 MiB writes", 24, 2, count =>
        {
            File.WriteAllBytes(path, content);
            for (int i = 0; i < count; i++)
            {
                int handle = host.Call("guest-file-open", new { path, mode = "r+" }).GetValue<int>();
                host.Send(HostLink.Request("guest-file-read", new { handle, count = content.Length }) + "\n");
                Assert.InRange(host.SkipLine(), 64L * Mebibyte, long.MaxValue);
                host.Call("guest-file-seek", new { handle, offset = 0, whence = 0 });
                host.Send($"{{\"execute\":\"guest-file-write\",\"arguments\":{{\"handle\":{handle},\"buf-b64\":\"");
                host.Send(write);
                host.Send("\"}}\n");
                Assert.Contains($"\"count\": {40 * Mebibyte}", host.ReadLine(), StringComparison.Ordinal);
                host.Call("guest-file-close", new { handle });
            }

            Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(path)));
        });
    }

    [Fact]
    public void Absurdly_large_requests()
    {
        string[] arguments = [.. Enumerable.Repeat(new string('y', 100_000), 100)];
        string path = new('x', 20 * Mebibyte);
        string[] requests =
        [
            HostLink.Request("guest-file-open", new { path = new string('x', Mebibyte - 2) }),
            HostLink.Request("guest-file-open", new { path }),
            HostLink.Request("guest-exec", new { path }),
            HostLink.Request("guest-exec", new { path = "/nonexistent", arg = arguments }),
            HostLink.Request("guest-exec", new { path = new string('x', Mebibyte - 2) }),
            HostLink.Request("guest-ssh-get-authorized-keys", new { username = path }),
            HostLink.Request(path),
            $"{{\"execute\":\"guest-ping\",\"arguments\":{{\"{path}\":\"\\u0041\"}}}}",
            $"{{\"execute\":\"guest-ping\",\"id\":\"{path}\"}}",
            $"{{\"{path}\\n\":1}}",
            new string('[', 1025),
            new string('a', 20 * Mebibyte),
        ];
        using HostLink host = _agent.Connect();

        Soak("absurdly large requests", 5 * requests.Length, requests.Length, count =>
        {
            for (int i = 0; i < count; i++)
            {
                host.Send(requests[i % requests.Length]);
                host.Send("\n\u00FF" + HostLink.Request("guest-sync", new { id = i }) + "\n");
                while (host.SkipLine() is > 40 or < 10)
                {
                }
            }
        });
    }

    /// <summary>Does something a few times, and then very often, and looks at what stays.</summary>
    private void Soak(string what, int times, int warmUp, Action<int> work)
    {
        using HostLink stays = _agent.Connect();
        stays.Call("guest-ping");
        work(warmUp);
        AgentFootprint idle = AgentFootprint.AtRest(_agent);
        output.WriteLine($"{what}: idle {idle.PrivateKib} KiB of its own, {idle.ResidentKib} KiB resident");
        for (int round = 0; round < Rounds; round++)
        {
            work(times / Rounds);
            AgentFootprint now = AgentFootprint.AtRest(_agent, idle.DescriptorCount);
            output.WriteLine($"after round {round + 1}: {now.PrivateKib} KiB of its own, {now.ResidentKib} KiB resident");
            now.AssertNoMoreThan(idle, MayStayKib);
        }

        Assert.Equal("{}", stays.Call("guest-ping").ToJsonString());
    }
}
