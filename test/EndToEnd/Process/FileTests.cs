using EndToEnd.Sandbox;
using Xunit.Abstractions;

namespace EndToEnd.ProcessSuite;

/// <summary>Files: large ones, full disks, handles.</summary>
[Trait("Suite", "process")]
public sealed class FileTests(ITestOutputHelper output) : IDisposable
{
    private const int Mebibyte = 1024 * 1024;

    private readonly RunningAgent _agent = RunningAgent.OnSocket();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void Reading_48_MiB_at_once_costs_a_piece_of_memory()
    {
        byte[] content = new byte[48 * Mebibyte];
        new Random(5).NextBytes(content);
        File.WriteAllBytes(_agent["file"], content);
        using HostLink host = _agent.Connect();
        int handle = host.Call("guest-file-open", new { path = _agent["file"] }).GetValue<int>();
        long before = _agent.ResidentKib;

        string read = host.Call("guest-file-read", new { handle, count = content.Length })["buf-b64"]!.GetValue<string>();

        Assert.True(content.AsSpan().SequenceEqual(Convert.FromBase64String(read)));
        Report(before);
        Assert.InRange(_agent.PeakKib, 1, 8 * 1024);
        Assert.InRange(_agent.ResidentKib - before, long.MinValue, 2 * 1024);
    }

    [Fact]
    public void Writing_40_MiB_at_once_costs_the_frame_and_nothing_stays()
    {
        byte[] content = new byte[40 * Mebibyte];
        new Random(6).NextBytes(content);
        using HostLink host = _agent.Connect();
        int handle = host.Call("guest-file-open", new { path = _agent["file"], mode = "w" }).GetValue<int>();
        long before = _agent.ResidentKib;

        host.Send($"{{\"execute\": \"guest-file-write\", \"arguments\": {{\"handle\": {handle}, \"buf-b64\": \"{Convert.ToBase64String(content)}\"}}}}");
        Assert.Contains($"\"count\": {content.Length}", host.ReadLine(), StringComparison.Ordinal);
        host.Call("guest-file-close", new { handle });

        Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(_agent["file"])));
        Report(before);
        Assert.InRange(_agent.PeakKib, 1, 100 * 1024);
        Assert.InRange(_agent.ResidentKib - before, long.MinValue, 2 * 1024);
    }

    [Fact]
    public void A_handle_whose_close_failed_is_unknown_and_the_agent_goes_on()
    {
        using HostLink host = _agent.Connect();
        int handle = host.Call("guest-file-open", new { path = "/dev/full", mode = "w" }).GetValue<int>();
        host.Call("guest-file-write", new Dictionary<string, object> { ["handle"] = handle, ["buf-b64"] = "YWJj" });

        Assert.Contains("No space left on device", host.Refused("guest-file-close", new { handle }), StringComparison.Ordinal);
        foreach (string command in (string[])["guest-file-close", "guest-file-flush", "guest-file-read"])
        {
            Assert.Equal($"handle '{handle}' has not been found", host.Refused(command, new { handle }));
        }

        host.Call("guest-ping");
        Assert.DoesNotContain("/dev/full", _agent.Descriptors);
    }

    [Fact]
    public void A_count_of_more_than_32_bits_is_refused_as_it_is()
    {
        using HostLink host = _agent.Connect();
        int handle = host.Call("guest-file-open", new { path = "/dev/null", mode = "w" }).GetValue<int>();
        Dictionary<string, object> arguments = new() { ["handle"] = handle, ["buf-b64"] = "YWJj", ["count"] = 4_294_967_297 };

        Assert.Equal("value '4294967297' is invalid for argument count", host.Refused("guest-file-write", arguments));
    }

    [Fact]
    public void Handles_pass_the_limit_of_32_bits_and_are_not_repeated_in_the_next_life()
    {
        TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("qga.state"), "[global]\nfd_counter=2147483647\n");
        using RunningAgent agent = RunningAgent.OnSocket(folder, _ => { });
        using HostLink host = agent.Connect();

        Assert.Equal(2_147_483_647, host.Call("guest-file-open", new { path = "/dev/null" }).GetValue<long>());
        Assert.Equal(2_147_483_648, host.Call("guest-file-open", new { path = "/dev/null" }).GetValue<long>());
        Assert.Contains("fd_counter=2147483903", File.ReadAllText(agent["qga.state"]), StringComparison.Ordinal);
    }

    [Fact]
    public void When_no_handle_can_be_kept_the_file_is_left_as_it_was()
    {
        using HostLink host = _agent.Connect();
        File.WriteAllText(_agent["file"], "precious");
        Directory.CreateDirectory(_agent["qga.state.new"]);

        Assert.Equal("failed to commit persistent state to disk", host.Refused("guest-file-open", new { path = _agent["file"], mode = "w" }));
        Assert.Equal("precious", File.ReadAllText(_agent["file"]));
    }

    private void Report(long before) =>
        output.WriteLine($"before {before} KiB, peak {_agent.PeakKib} KiB, now {_agent.ResidentKib} KiB");
}
