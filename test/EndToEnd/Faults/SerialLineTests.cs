using EndToEnd.ProcessSuite;
using EndToEnd.Sandbox;

namespace EndToEnd.Faults;

/// <summary>Faults on a serial line.</summary>
[Collection(FaultsCollection.Name)]
[Trait("Suite", "faults")]
public sealed class SerialLineTests
{
    [Fact]
    public void A_host_that_does_not_read_48_MiB_costs_no_processor_time_and_a_piece_of_memory()
    {
        using TemporaryFolder memory = TemporaryFolder.InMemory();
        using (FileStream file = File.Create(memory.Combine("file")))
        {
            file.SetLength(48 * 1024 * 1024);
        }

        using PseudoTerminal line = new();
        using RunningAgent agent = ProcessSuite.SerialLineTests.Start(line);
        long before = agent.ResidentKib;
        int handle = line.Link.Call("guest-file-open", new { path = memory.Combine("file") }).GetValue<int>();
        line.Link.Send(HostLink.Request("guest-file-read", new { handle, count = 48 * 1024 * 1024 }) + "\n");

        // Another agent's silence is the clock here: until the line is full this one is at work.
        using RunningAgent idle = RunningAgent.OnSocket();
        using HostLink silent = idle.Connect();
        RunningAgent.WaitUntil(
            () =>
            {
                long now = agent.CpuTicks;
                return !silent.HearsSomething(TimeSpan.FromMilliseconds(300)) && agent.CpuTicks == now;
            },
            "the line to be full");
        long ticks = agent.CpuTicks;
        Assert.False(silent.HearsSomething(TimeSpan.FromSeconds(3)));

        Assert.InRange(agent.CpuTicks - ticks, 0, 2);
        Assert.InRange(agent.ResidentKib - before, long.MinValue, 1024);
        Assert.InRange(line.Link.SkipLine(), 64L * 1024 * 1024, long.MaxValue);
        line.Link.Call("guest-ping");
    }
}
