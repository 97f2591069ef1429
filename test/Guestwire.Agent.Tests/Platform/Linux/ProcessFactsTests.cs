using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class ProcessFactsTests : IDisposable
{
    private readonly FileTree _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void Each_fact_comes_from_its_place()
    {
        Add(42, "a) b (c", "python3\0-c\0two words\0");

        GuestwireProcess process = Assert.Single(new ProcessFacts(_proc.Root).List(0, 10).Processes);

        Assert.Equal((42L, 7L, 1001L, "a) b (c", "python3 -c two words"), (process.Pid, process.Parent, process.UserId, process.Name, process.Command));
        Assert.Equal(("S", 3L, 300_000_000L, 5_000_000_000L), (process.State, process.Threads, process.CpuNs, process.StartedNs));
        Assert.Equal(11L * Environment.SystemPageSize, process.ResidentBytes);
    }

    [Fact]
    public void A_thread_of_the_kernel_has_no_command()
    {
        Add(2, "kthreadd", "");

        Assert.Null(Assert.Single(new ProcessFacts(_proc.Root).List(0, 10).Processes).Command);
    }

    [Fact]
    public void A_long_command_is_cut_between_characters()
    {
        Add(3, "x", new string('a', 4095) + "ä tail");

        Assert.Equal(new string('a', 4095), Assert.Single(new ProcessFacts(_proc.Root).List(0, 10).Processes).Command);
    }

    [Fact]
    public void They_come_by_number_part_by_part()
    {
        foreach (int number in (int[])[9, 100, 10, 1])
        {
            Add(number, "x", "x\0");
        }

        _proc.Folder("self").Folder("sys").Folder("8x");
        ProcessFacts facts = new(_proc.Root);

        GuestwireProcessList first = facts.List(0, 2);
        GuestwireProcessList second = facts.List(first.Processes[^1].Pid, 2);

        Assert.Equal([1L, 9L], first.Processes.Select(one => one.Pid));
        Assert.True(first.More);
        Assert.Equal([10L, 100L], second.Processes.Select(one => one.Pid));
        Assert.False(second.More);
    }

    [Fact]
    public void One_that_has_gone_meanwhile_is_passed_over()
    {
        Add(1, "x", "x\0");
        _proc.Folder("5");

        Assert.Equal([1L], new ProcessFacts(_proc.Root).List(0, 10).Processes.Select(one => one.Pid));
    }

    [Fact]
    public void This_process_is_one_of_this_machine_s() =>
        Assert.Equal(Environment.ProcessId, new ProcessFacts().List(Environment.ProcessId - 1, 1).Processes[0].Pid);

    private void Add(int number, string name, string command) => _proc
        .File($"{number}/stat", $"{number} ({name}) S 7 7 7 0 -1 4194560 1 2 3 4 20 10 0 0 20 0 3 0 500 123456 11 18446744073709551615 1 1 0 0 0\n")
        .File($"{number}/status", "Name:\tx\nUid:\t1000\t1001\t1002\t1003\nGid:\t1\t1\t1\t1\n")
        .File($"{number}/cmdline", command);
}
