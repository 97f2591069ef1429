using EndToEnd.ProcessSuite;
using EndToEnd.Sandbox;
using Xunit.Abstractions;

namespace EndToEnd.Faults;

/// <summary>Commands that hang: pings are answered, a host that gave up gets its agent back, and what hung still ends well.</summary>
[Collection(FaultsCollection.Name)]
[Trait("Suite", "faults")]
public sealed class HangingCommandTests(AgentTranscriptTests.Image image, ITestOutputHelper output) : IClassFixture<AgentTranscriptTests.Image>
{
    private static readonly string[] Unfreeze = ["--unfreeze", "/mnt/a"];

    /// <summary>A file system on which every write hangs until it thaws; no agent knows of it.</summary>
    private const string DeadDisk =
        "mkdir -p /mnt/a; dd if=/dev/zero of=/image bs=1M count=32 2>/dev/null; mkfs.ext4 -q -F /image; mount -t ext4 -o loop /image /mnt/a; fsfreeze --freeze /mnt/a";

    /// <summary>A line that only the sandbox has; the agent waits for its other end.</summary>
    private const string Terminals =
        "mkdir -p /dev/pts; mount -t devpts -o newinstance,ptmxmode=666 terminals /dev/pts; while [ ! -e /dev/pts/0 ]; do sleep 0.02; done";

    private static readonly string Freeze = HostLink.Request("guest-fsfreeze-freeze") + "\n";
    private static readonly string Status = HostLink.Request("guest-fsfreeze-status") + "\n";
    private static readonly string SetTime = HostLink.Request("guest-set-time") + "\n";

    [Fact]
    public async Task A_ping_is_answered_while_fifteen_others_wait_for_a_hook_and_for_a_clock()
    {
        await using HangingSandbox sandbox = await HangingSandbox.StartAsync(image.Value);
        using PingWatch watch = new(await sandbox.Agent.ConnectAsync());
        List<HostLink> hosts = [];
        for (int i = 0; i < 15; i++)
        {
            hosts.Add(await sandbox.ConnectAsync());
            hosts[i].Send((i % 3) switch { 0 => Freeze, 1 => Status, _ => SetTime });
        }

        sandbox.AwaitHook();
        sandbox.AwaitClock();
        RunningAgent.WaitUntil(() => watch.Count >= 500 || watch.HasFailed, "the pings");
        Assert.DoesNotContain(hosts, host => host.HearsSomething(TimeSpan.Zero));
        sandbox.LetGo();

        for (int i = 0; i < 15; i++)
        {
            Assert.StartsWith((i % 3) switch { 0 => "{\"return\": 0}", 1 => "{\"return\": \"thawed\"}", _ => "{" }, hosts[i].ReadLine(), StringComparison.Ordinal);
            hosts[i].Dispose();
        }

        Conclude(watch, "a hook and a clock hang");
    }

    [Fact]
    public async Task A_ping_is_answered_while_others_wait_for_a_disk()
    {
        await using HangingSandbox sandbox = await HangingSandbox.StartAsync(image.Value, DeadDisk);
        using PingWatch watch = new(await sandbox.Agent.ConnectAsync());
        List<HostLink> hosts = [];
        for (int i = 0; i < 14; i++)
        {
            hosts.Add(await sandbox.ConnectAsync());
            hosts[i].Send(HostLink.Request("guest-file-open", new { path = $"/mnt/a/{i}", mode = "w" }) + "\n");
        }

        RunningAgent.WaitUntil(() => watch.Count >= 500 || watch.HasFailed, "the pings");
        Assert.DoesNotContain(hosts, host => host.HearsSomething(TimeSpan.Zero));
        using HostLink other = await sandbox.ConnectAsync();
        other.Execute(new Dictionary<string, object> { ["path"] = "/bin/busybox", ["arg"] = (string[])["fsfreeze", .. Unfreeze] });

        foreach (HostLink host in hosts)
        {
            Assert.StartsWith("{\"return\": ", host.ReadLine(), StringComparison.Ordinal);
            host.Dispose();
        }

        Conclude(watch, "a disk hangs");
    }

    [Fact]
    public async Task A_sync_after_more_than_a_second_is_answered_at_once_and_the_late_reply_never_comes()
    {
        await using HangingSandbox sandbox = await HangingSandbox.StartAsync(image.Value);
        using HostLink host = await sandbox.ConnectAsync();
        host.Send(Freeze);
        sandbox.AwaitHook();
        Assert.False(host.HearsSomething(TimeSpan.FromSeconds(1.3)));

        Assert.Equal(5, host.Call("guest-sync", new { id = 5 }).GetValue<int>());
        host.Call("guest-ping");
        sandbox.LetGo();

        // It waits for the freeze to end: from then on only what was asked for after the sync may come.
        Assert.Equal("thawed", host.Call("guest-fsfreeze-status").GetValue<string>());
        Assert.Equal(6, host.Call("guest-sync", new { id = 6 }).GetValue<int>());
    }

    [Fact]
    public async Task A_bare_FF_after_more_than_a_second_starts_anew_as_well()
    {
        await using HangingSandbox sandbox = await HangingSandbox.StartAsync(image.Value);
        using HostLink host = await sandbox.ConnectAsync();
        host.Send(SetTime);
        sandbox.AwaitClock();
        Assert.False(host.HearsSomething(TimeSpan.FromSeconds(1.3)));

        host.Send("\u00FF" + HostLink.Request("guest-sync-delimited", new { id = 5 }) + "\n");

        Assert.Contains("stray", host.ReadLine(), StringComparison.Ordinal);
        Assert.Equal("\u00FF{\"return\": 5}", host.ReadLine());
        sandbox.LetGo();
        Assert.Equal(6, host.Call("guest-sync", new { id = 6 }).GetValue<int>());
    }

    [Fact]
    public async Task A_sync_in_the_same_breath_as_the_command_waits_for_its_turn()
    {
        await using HangingSandbox sandbox = await HangingSandbox.StartAsync(image.Value);
        using HostLink host = await sandbox.ConnectAsync();
        host.Send(Freeze + HostLink.Request("guest-sync", new { id = 5 }) + "\n");
        sandbox.AwaitHook();
        Assert.False(host.HearsSomething(TimeSpan.FromSeconds(1.5)));
        sandbox.LetGo();

        Assert.Equal("{\"return\": 0}", host.ReadLine());
        Assert.Equal("{\"return\": 5}", host.ReadLine());
    }

    [Fact]
    public async Task The_status_of_a_freeze_in_progress_comes_when_it_has_ended()
    {
        await using HangingSandbox sandbox = await HangingSandbox.StartAsync(image.Value);
        using HostLink first = await sandbox.ConnectAsync();
        using HostLink second = await sandbox.ConnectAsync();
        first.Send(Freeze);
        sandbox.AwaitHook();
        second.Send(Status);
        Assert.False(second.HearsSomething(TimeSpan.FromSeconds(1)));
        sandbox.LetGo();

        Assert.Equal("{\"return\": \"thawed\"}", second.ReadLine());
        Assert.Equal("{\"return\": 0}", first.ReadLine());
    }

    [Fact]
    public async Task A_host_that_leaves_a_hanging_command_gives_its_place_to_the_next()
    {
        await using HangingSandbox sandbox = await HangingSandbox.StartAsync(image.Value);
        for (int i = 0; i < 20; i++)
        {
            using HostLink leaving = await sandbox.ConnectAsync();
            leaving.Send(i % 2 == 0 ? Freeze : SetTime);
        }

        sandbox.AwaitHook();
        using HostLink host = await sandbox.ConnectAsync();
        host.Call("guest-ping");
        sandbox.LetGo();
        Assert.Equal("thawed", host.Call("guest-fsfreeze-status").GetValue<string>());
    }

    [Fact]
    public async Task On_a_serial_line_a_late_sync_is_answered_at_once_too()
    {
        await using HangingSandbox sandbox = await HangingSandbox.StartAsync(
            image.Value, Terminals, ["-m", "isa-serial", "-p", "/dev/pts/0", "-t", SandboxedAgent.StateFolder]);
        RunningAgent.WaitUntil(() => File.Exists(sandbox.Agent.Outside("/dev/pts/ptmx")), "the terminals");
        using PseudoTerminal line = new(sandbox.Agent.Outside("/dev/pts/ptmx"));
        line.Link.Greet();

        line.Link.Send(Freeze);
        sandbox.AwaitHook();

        // The agent's patience is over after a second; until then nothing comes.
        Task<string> next = Task.Run(line.Link.ReadLine);
        Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(1.3))));

        line.Link.Send(HostLink.Request("guest-sync", new { id = 5 }) + "\n");
        Assert.Equal("{\"return\": 5}", await next);
        sandbox.LetGo();
        Assert.Equal("thawed", line.Link.Call("guest-fsfreeze-status").GetValue<string>());
        Assert.Equal(6, line.Link.Call("guest-sync", new { id = 6 }).GetValue<int>());
    }

    private void Conclude(PingWatch watch, string during)
    {
        watch.AssertInTime(during);
        output.WriteLine($"{watch.Count} pings while {during}; the slowest took {watch.Slowest.TotalMilliseconds:F1} ms in all");
    }
}
