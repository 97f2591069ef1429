using System.Text;
using EndToEnd.Corpus;
using EndToEnd.Play;
using EndToEnd.Sandbox;

namespace EndToEnd;

/// <summary>What our agent does with real filesystems, on loop devices in a sandbox, that the reference does not.</summary>
[Trait("Suite", "transcripts")]
public sealed class FreezeTests(AgentTranscriptTests.Image image) : IClassFixture<AgentTranscriptTests.Image>
{
    /// <summary>A filesystem in a file, mounted on /mnt/a.</summary>
    private const string OneFilesystem =
        "mkdir -p /mnt/a /mnt/b; dd if=/dev/zero of=/image bs=1M count=32 2>/dev/null; mkfs.ext4 -q -F /image; mount -t ext4 -o loop /image /mnt/a; ";

    /// <summary>A state directory on that filesystem, which a dead agent has left frozen.</summary>
    private const string LeftFrozen =
        OneFilesystem + "mkdir /mnt/a/state; cat /proc/sys/kernel/random/boot_id > /mnt/a/state/qga.state.isfrozen; fsfreeze --freeze /mnt/a";

    private static readonly IReadOnlyList<string> OnTheFilesystem =
        ["-m", "unix-listen", "-p", SandboxedAgent.SocketPath, "-t", "/mnt/a/state", "-v", "-l", "/mnt/a/log"];

    [Fact]
    public async Task While_frozen_it_writes_nothing_even_if_state_and_log_lie_on_the_frozen_filesystem()
    {
        await using SandboxedAgent agent = await StartAsync(OneFilesystem + "mkdir /mnt/a/state", OnTheFilesystem);
        using LineConnection host = new(await agent.ConnectAsync());
        Assert.Equal("{\"return\": 1}", await AskAsync(host, "guest-fsfreeze-freeze"));

        // A write to the log or to the state would hang until the thaw.
        Assert.Equal("{\"return\": {}}", await AskAsync(host, "guest-ping"));
        Assert.Equal("{\"return\": \"frozen\"}", await AskAsync(host, "guest-fsfreeze-status"));
        Assert.Contains("\"enabled\": false", await AskAsync(host, "guest-info"), StringComparison.Ordinal);

        Assert.Equal("{\"return\": 1}", await AskAsync(host, "guest-fsfreeze-thaw"));
        Assert.Contains("guest-fsfreeze-status answered", await File.ReadAllTextAsync(agent.Outside("/mnt/a/log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_that_ends_it_thaws()
    {
        await using SandboxedAgent agent = await StartAsync(OneFilesystem, SandboxCase.Listening);
        using (LineConnection host = new(await agent.ConnectAsync()))
        {
            Assert.Equal("{\"return\": 1}", await AskAsync(host, "guest-fsfreeze-freeze"));
            await agent.SignalAsync(15);
        }

        Assert.Equal(0, await agent.WaitForExitAsync());
        await AssertWritableAsync(agent);
        Assert.False(File.Exists(agent.Outside(SandboxedAgent.StateFolder + "/qga.state.isfrozen")));
    }

    [Fact]
    public async Task What_a_dead_agent_left_frozen_thaws_before_anything_is_written()
    {
        await using SandboxedAgent agent = await StartAsync(LeftFrozen, OnTheFilesystem);
        using LineConnection host = new(await agent.ConnectAsync());

        Assert.Equal("{\"return\": \"thawed\"}", await AskAsync(host, "guest-fsfreeze-status"));
        Assert.Contains("1 filesystems have been thawed", await File.ReadAllTextAsync(agent.Outside("/mnt/a/log")), StringComparison.Ordinal);
        await AssertWritableAsync(agent);
    }

    [Fact]
    public async Task An_empty_marker_keeps_it_from_writing_until_it_is_told_to_thaw()
    {
        await using SandboxedAgent agent = await StartAsync(
            OneFilesystem + "mkdir /mnt/a/state; touch /mnt/a/state/qga.state.isfrozen; fsfreeze --freeze /mnt/a", OnTheFilesystem);
        using LineConnection host = new(await agent.ConnectAsync());

        Assert.Equal("{\"return\": \"frozen\"}", await AskAsync(host, "guest-fsfreeze-status"));
        Assert.False(File.Exists(agent.Outside("/mnt/a/log")));
        Assert.Equal("{\"return\": 1}", await AskAsync(host, "guest-fsfreeze-thaw"));

        Assert.True(File.Exists(agent.Outside("/mnt/a/log")));
        await AssertWritableAsync(agent);
    }

    [Fact]
    public async Task A_bind_mount_stands_for_its_filesystem()
    {
        await using SandboxedAgent agent = await StartAsync(OneFilesystem + "mount -o bind /mnt/a /mnt/b", SandboxCase.Listening);
        using LineConnection host = new(await agent.ConnectAsync());

        Assert.Equal("{\"return\": 1}", await AskAsync(host, "guest-fsfreeze-freeze-list", """{"mountpoints": ["/mnt/b"]}"""));
        Assert.Equal("{\"return\": 1}", await AskAsync(host, "guest-fsfreeze-thaw"));
        await AssertWritableAsync(agent);
    }

    [Fact]
    public async Task A_filesystem_in_a_file_of_another_freezes_and_thaws_with_it()
    {
        await using SandboxedAgent agent = await StartAsync(
            OneFilesystem + "dd if=/dev/zero of=/mnt/a/image bs=1M count=16 2>/dev/null; mkfs.ext4 -q -F /mnt/a/image; mount -t ext4 -o loop /mnt/a/image /mnt/b; echo dirty > /mnt/b/file",
            SandboxCase.Listening);
        using LineConnection host = new(await agent.ConnectAsync());

        Assert.Equal("{\"return\": 2}", await AskAsync(host, "guest-fsfreeze-freeze"));
        Assert.Equal("{\"return\": 2}", await AskAsync(host, "guest-fsfreeze-thaw"));
        await AssertWritableAsync(agent);
    }

    [Fact]
    public async Task What_a_mount_covers_meanwhile_is_thawed_all_the_same()
    {
        await using SandboxedAgent agent = await StartAsync(
            OneFilesystem + "(while [ ! -e /case/dir/cover ]; do sleep 0.02; done; mount -t tmpfs cover /mnt/a; touch /case/dir/covered) &",
            SandboxCase.Listening);
        using LineConnection host = new(await agent.ConnectAsync());
        Assert.Equal("{\"return\": 1}", await AskAsync(host, "guest-fsfreeze-freeze"));

        await File.WriteAllTextAsync(agent.Outside(SandboxedAgent.FilesFolder + "/cover"), "");
        while (!File.Exists(agent.Outside(SandboxedAgent.FilesFolder + "/covered")))
        {
            Assert.Equal("{\"return\": {}}", await AskAsync(host, "guest-ping"));
        }

        Assert.Equal("{\"return\": 1}", await AskAsync(host, "guest-fsfreeze-thaw"));
    }

    [Fact]
    public async Task A_hook_that_ran_is_told_of_the_thaw_even_if_nothing_froze_and_its_children_are_not_waited_for()
    {
        TranscriptCase hooked = SandboxCase.Empty with
        {
            Setup = $"printf '#!/bin/sh\\nsleep 1000 &\\necho $1 >> {SandboxedAgent.FilesFolder}/calls\\n' > /hook; chmod 755 /hook",
        };
        await using SandboxedAgent agent = await SandboxedAgent.StartAsync(
            image.Value, hooked, [.. SandboxCase.Listening, "-F/hook"], new TextVariables());
        using LineConnection host = new(await agent.ConnectAsync());

        Assert.Equal("{\"return\": 0}", await AskAsync(host, "guest-fsfreeze-freeze"));

        Assert.Equal("freeze\nthaw\n", await File.ReadAllTextAsync(agent.Outside(SandboxedAgent.FilesFolder + "/calls")));
    }

    private Task<SandboxedAgent> StartAsync(string setup, IEnumerable<string> arguments) =>
        SandboxedAgent.StartAsync(image.Value, SandboxCase.Empty with { Setup = setup }, arguments, new TextVariables());

    private static async Task<string> AskAsync(LineConnection host, string command, string arguments = "{}")
    {
        using CancellationTokenSource deadline = new(SandboxedAgent.Patience);
        await host.SendAsync(Encoding.UTF8.GetBytes($"{{\"execute\": \"{command}\", \"arguments\": {arguments}}}\n"), deadline.Token);
        return Encoding.UTF8.GetString(await host.ReadLinesAsync(1, deadline.Token)).TrimEnd('\n');
    }

    /// <summary>A write to /mnt/a comes to its end, so the filesystem is not frozen.</summary>
    private static async Task AssertWritableAsync(SandboxedAgent agent)
    {
        string path = agent.Outside("/mnt/a/written");
        await Task.Run(() => File.WriteAllText(path, "x")).WaitAsync(SandboxedAgent.Patience);
    }
}
