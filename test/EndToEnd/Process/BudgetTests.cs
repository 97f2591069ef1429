using System.Globalization;
using Xunit.Abstractions;

namespace EndToEnd.ProcessSuite;

/// <summary>What an idle agent may cost its guest: docs/promises.md. Figures of memory do not depend on the machine's speed.</summary>
[Trait("Suite", "process")]
public sealed class BudgetTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Memory that no file stands for, in KiB: 0.7 MB were measured.</summary>
    private const long AnonymousKib = 850;

    /// <summary>All of its memory, pages of the program that the system has anyway included, in KiB: 4.2 to 4.6 MB were measured.</summary>
    private const long ResidentKib = 5 * 1024;

    private readonly RunningAgent _agent = RunningAgent.OnSocket();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void An_idle_agent_stays_within_its_memory()
    {
        using HostLink host = _agent.Connect();
        host.Call("guest-ping");

        long anonymous = SmapsKib("Anonymous:");
        long resident = SmapsKib("Rss:");

        output.WriteLine($"{resident} KiB resident, {anonymous} KiB of them anonymous");
        Assert.InRange(anonymous, 1, AnonymousKib);
        Assert.InRange(resident, 1, ResidentKib);
    }

    [Fact]
    public void It_needs_no_library_but_libc()
    {
        // The loader is part of libc.
        string[] libraries = [.. File.ReadLines($"/proc/{_agent.ProcessId}/maps")
            .Select(line => Path.GetFileName(line.Split(' ')[^1]))
            .Where(name => name.Contains(".so", StringComparison.Ordinal) && !name.StartsWith("ld-", StringComparison.Ordinal))
            .Distinct()];

        Assert.Equal(["libc.so.6"], libraries);
    }

    [Fact]
    public void It_has_no_thread_but_the_loop_and_the_runtimes_own() =>
        Assert.Equal(2, Directory.GetDirectories($"/proc/{_agent.ProcessId}/task").Length);

    // Source: proc_pid_smaps(5).
    private long SmapsKib(string name) => long.Parse(
        File.ReadLines($"/proc/{_agent.ProcessId}/smaps_rollup").First(line => line.StartsWith(name, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
