using System.Text;
using EndToEnd.ProcessSuite;
using Xunit.Abstractions;

namespace EndToEnd.Faults;

/// <summary>Input that no host would send: it costs a bounded amount of memory and time, is answered by a clear error, and the next host is served.</summary>
[Collection(FaultsCollection.Name)]
[Trait("Suite", "faults")]
public sealed class HostileInputTests(ITestOutputHelper output) : IDisposable
{
    private const int Mebibyte = 1024 * 1024;

    private readonly RunningAgent _agent = RunningAgent.OnSocket();

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData("endless string", "\"", "x", 80 * Mebibyte, "JSON token size limit exceeded", 110)]
    [InlineData("endless number", "", "1", 80 * Mebibyte, "JSON token size limit exceeded", 110)]
    [InlineData("endless space", "{", " ", 200 * Mebibyte, "", 10)]
    [InlineData("tokens without end", "[", "0,", 3 * Mebibyte, "JSON token count limit exceeded", 20)]
    [InlineData("nesting without end", "", "[", 20 * Mebibyte, "JSON nesting depth limit exceeded", 20)]
    [InlineData("the deepest nesting", "[", "[", 1023, "", 10)]
    [InlineData("an endless word", "", "a", 80 * Mebibyte, "JSON token size limit exceeded", 110)]
    [InlineData("an unknown command with an endless name", "{\"execute\":\"", "x", 60 * Mebibyte, "", 110)]
    public async Task Costs_bounded_memory_and_is_answered(string what, string start, string repeated, int times, string error, int mebibytes)
    {
        using HostLink host = _agent.Connect();
        using HostLink other = _agent.Connect();
        host.Call("guest-ping");
        other.Call("guest-ping");
        AgentFootprint before = AgentFootprint.AtRest(_agent);
        long ticks = _agent.CpuTicks;
        host.Send(start);
        byte[] piece = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(repeated, Math.Min(times, Mebibyte))));
        Task<string> errors = Task.Factory.StartNew(() => ReadUntilSync(host), TaskCreationOptions.LongRunning);
        for (int sent = 0; sent < times; sent += Mebibyte)
        {
            host.Send(piece);
        }

        host.Send("\n\u00FF" + HostLink.Request("guest-sync", new { id = 4711 }) + "\n");

        Assert.Contains(error.Length == 0 ? "JSON parse error, stray" : error, await errors, StringComparison.Ordinal);
        AgentFootprint after = AgentFootprint.AtRest(_agent, before.DescriptorCount);
        output.WriteLine($"{what}: {(_agent.CpuTicks - ticks) * 10} ms of processor time; {before.ResidentKib} KiB before, {_agent.PeakKib} at most, {after.ResidentKib} after");
        Assert.InRange(_agent.PeakKib, 0, mebibytes * 1024);
        Assert.InRange(_agent.CpuTicks - ticks, 0, 1000);
        after.AssertNoMoreThan(before, 1024);
        host.Call("guest-ping");
        other.Call("guest-ping");
    }

    [Fact]
    public async Task Sixty_four_MiB_of_garbage_cost_seconds_and_no_memory()
    {
        using HostLink host = _agent.Connect();
        host.Call("guest-ping");
        byte[] garbage = new byte[Mebibyte];
        Random random = new(13);
        AgentFootprint before = AgentFootprint.AtRest(_agent);
        long ticks = _agent.CpuTicks;
        Task<string> errors = Task.Factory.StartNew(() => ReadUntilSync(host), TaskCreationOptions.LongRunning);
        for (int i = 0; i < 64; i++)
        {
            random.NextBytes(garbage);
            host.Send(garbage);
        }

        host.Send("\n\u00FF" + HostLink.Request("guest-sync", new { id = 4711 }) + "\n");

        Assert.Contains("JSON parse error", await errors, StringComparison.Ordinal);
        AgentFootprint after = AgentFootprint.AtRest(_agent, before.DescriptorCount);
        output.WriteLine($"{(_agent.CpuTicks - ticks) * 10} ms of processor time; {before.ResidentKib} KiB before, {_agent.PeakKib} at most, {after.ResidentKib} after");
        Assert.InRange(_agent.PeakKib - before.ResidentKib, long.MinValue, 4 * 1024);
        Assert.InRange(_agent.CpuTicks - ticks, 0, 6000);
        after.AssertNoMoreThan(before, 1024);
    }

    /// <summary>Reads errors until the reply to the sync comes, so that the agent need not wait for us.</summary>
    /// <returns>The first errors, up to a bound.</returns>
    private static string ReadUntilSync(HostLink host)
    {
        StringBuilder errors = new();
        string line;
        while ((line = host.ReadLine()) != "{\"return\": 4711}")
        {
            if (errors.Length < 100_000)
            {
                errors.AppendLine(line);
            }
        }

        return errors.ToString();
    }
}
