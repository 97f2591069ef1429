using System.Diagnostics;
using System.Globalization;
using EndToEnd.ProcessSuite;

namespace EndToEnd.Faults;

/// <summary>What an agent holds of the machine at a moment when it has nothing to do.</summary>
/// <param name="ResidentKib">Memory that is in use. Source: proc_pid_smaps(5), smaps_rollup, Rss.</param>
/// <param name="PrivateKib">Memory that is its own and no file's: Private_Dirty.</param>
/// <param name="Descriptors">What its descriptors are, in order; connections all read "socket".</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="Children">Its child processes, dead ones too.</param>
/// <param name="Files">The files in its folder.</param>
internal sealed record AgentFootprint(long ResidentKib, long PrivateKib, string Descriptors, int Threads, string Children, string Files)
{
    /// <summary>The loop, and the one with which the runtime begins.</summary>
    private const int ThreadsAtRest = 2;

    /// <summary>When its memory has not changed for so long nothing more goes back: what a busy host needs is kept until all hosts are quiet for a second.</summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(2.5);

    /// <summary>How many descriptors it has.</summary>
    internal int DescriptorCount => Descriptors.Split(' ').Length;

    /// <summary>Waits until the agent has come to rest, and looks.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="descriptors">How many it should have: connections that were closed a moment ago are still to be noticed.</param>
    internal static AgentFootprint AtRest(RunningAgent agent, int descriptors = int.MaxValue)
    {
        RunningAgent.WaitUntil(() => AllDescriptors(agent).Count() <= descriptors, "the agent to close what it does not need");

        // Threads without work end after half a second.
        RunningAgent.WaitUntil(() => ThreadsOf(agent) <= ThreadsAtRest, "the agent's workers to end");
        Dictionary<string, long> memory = MemoryOf(agent);
        Stopwatch unchanged = Stopwatch.StartNew();
        RunningAgent.WaitUntil(
            () =>
            {
                Dictionary<string, long> before = memory;
                memory = MemoryOf(agent);
                if (memory["Private_Dirty:"] != before["Private_Dirty:"])
                {
                    unchanged.Restart();
                }

                return unchanged.Elapsed > s_settled;
            },
            "the agent to give back what it does not need");
        return new AgentFootprint(
            memory["Rss:"],
            memory["Private_Dirty:"],
            string.Join(' ', AllDescriptors(agent).Order(StringComparer.Ordinal)),
            ThreadsOf(agent),
            File.ReadAllText($"/proc/{agent.ProcessId}/task/{agent.ProcessId}/children"),
            string.Join(' ', Directory.GetFileSystemEntries(agent[""]).Select(Path.GetFileName).Order(StringComparer.Ordinal)));
    }

    /// <summary>Asserts that nothing was left behind since an earlier look, and no more memory than so much.</summary>
    internal void AssertNoMoreThan(AgentFootprint earlier, long memoryKib)
    {
        Assert.Equal(earlier with { ResidentKib = 0, PrivateKib = 0 }, this with { ResidentKib = 0, PrivateKib = 0 });
        Assert.InRange(PrivateKib - earlier.PrivateKib, long.MinValue, memoryKib);
        Assert.InRange(ResidentKib - earlier.ResidentKib, long.MinValue, memoryKib);
    }

    private static Dictionary<string, long> MemoryOf(RunningAgent agent) =>
        File.ReadLines($"/proc/{agent.ProcessId}/smaps_rollup").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(fields => fields[0], fields => long.Parse(fields[1], CultureInfo.InvariantCulture));

    private static int ThreadsOf(RunningAgent agent) => Directory.GetDirectories($"/proc/{agent.ProcessId}/task").Length;

    private static IEnumerable<string> AllDescriptors(RunningAgent agent) =>
        Directory.GetFiles($"/proc/{agent.ProcessId}/fd").Select(link => new FileInfo(link).LinkTarget?.Split(':')[0] ?? "");
}
