using EndToEnd.Corpus;
using EndToEnd.Play;
using EndToEnd.ProcessSuite;
using EndToEnd.Sandbox;

namespace EndToEnd.Faults;

/// <summary>Files that fail: full, broken, or waiting for somebody who does not come. The error is clear, and the handle is as good as before.</summary>
[Collection(FaultsCollection.Name)]
[Trait("Suite", "faults")]
public sealed class FileFaultTests(AgentTranscriptTests.Image image) : IClassFixture<AgentTranscriptTests.Image>
{
    [Fact]
    public async Task A_full_disk_is_told_and_the_handle_works_on()
    {
        TranscriptCase small = SandboxCase.Empty with { Setup = "mkdir -p /mnt/small; mount -t tmpfs -o size=1m small /mnt/small" };
        await using SandboxedAgent agent = await SandboxedAgent.StartAsync(image.Value, small, SandboxCase.Listening, new TextVariables());
        using HostLink host = HostLink.Over(await agent.ConnectAsync());
        int handle = host.Call("guest-file-open", new { path = "/mnt/small/file", mode = "w+" }).GetValue<int>();

        Assert.Contains("No space left on device", host.Refused("guest-file-write", Bytes(handle, new byte[4 * 1024 * 1024])), StringComparison.Ordinal);

        // No byte of the failed write comes after all.
        host.Call("guest-file-seek", new { handle, offset = 0, whence = 0 });
        host.Call("guest-file-write", Bytes(handle, "good"u8.ToArray()));
        host.Call("guest-file-flush", new { handle });
        Assert.Equal("good"u8.ToArray(), File.ReadAllBytes(agent.Outside("/mnt/small/file"))[..4]);
        host.Call("guest-file-close", new { handle });
    }

    [Fact]
    public void A_broken_disk_is_told_and_the_handle_works_on()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();

        // Nothing is mapped at address 0, so reading and writing there fail as on a broken disk.
        int handle = host.Call("guest-file-open", new { path = "/proc/self/mem", mode = "r+" }).GetValue<int>();

        Assert.Equal("failed to read file: Input/output error", host.Refused("guest-file-read", new { handle, count = 100 }));
        host.Call("guest-file-write", Bytes(handle, "x"u8.ToArray()));
        Assert.Equal("failed to flush file: Input/output error", host.Refused("guest-file-flush", new { handle }));
        host.Call("guest-file-flush", new { handle });
        Assert.Equal("failed to write to file: Input/output error", host.Refused("guest-file-write", Bytes(handle, new byte[100_000])));
        host.Call("guest-file-close", new { handle });
        Assert.DoesNotContain(agent.Descriptors, name => name.EndsWith("/mem", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pipe_without_another_end_makes_nobody_wait()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        Assert.Equal(0, RunningAgent.Run("mkfifo", agent["pipe"]).Status);

        int reader = host.Call("guest-file-open", new { path = agent["pipe"] }).GetValue<int>();
        Assert.Equal(0, host.Call("guest-file-read", new { handle = reader, count = 100 })["count"]!.GetValue<int>());
        host.Call("guest-file-close", new { handle = reader });

        Assert.Contains("No such device or address", host.Refused("guest-file-open", new { path = agent["pipe"], mode = "w" }), StringComparison.Ordinal);

        // With both ends there is somebody, but nothing to read, and in the end no room.
        int both = host.Call("guest-file-open", new { path = agent["pipe"], mode = "r+" }).GetValue<int>();
        Assert.Contains("Resource temporarily unavailable", host.Refused("guest-file-read", new { handle = both }), StringComparison.Ordinal);
        Assert.Contains("Resource temporarily unavailable", host.Refused("guest-file-write", Bytes(both, new byte[200_000])), StringComparison.Ordinal);
        Assert.Equal(65_536, host.Call("guest-file-read", new { handle = both, count = 100_000 })["count"]!.GetValue<int>());
        host.Call("guest-file-close", new { handle = both });
    }

    private static Dictionary<string, object> Bytes(int handle, byte[] bytes) =>
        new() { ["handle"] = handle, ["buf-b64"] = Convert.ToBase64String(bytes) };
}
