namespace Guestwire.Bench.Groups;

/// <summary>What an agent costs that has answered one ping and waits for the next: for most of its life it is in this state.</summary>
internal sealed class IdleGroup : IGroup
{
    private static readonly Row Resident = new("idle memory, resident (RSS)", "MB", 2, Promise.AtMostTimes(1.1));
    private static readonly Row Proportional = new("idle memory, its share (PSS)", "MB", 2);
    private static readonly Row PrivateDirty = new("idle memory, private and dirty", "MB", 2);
    private static readonly Row Wakeups = new("wakeups in 10 s, host connected", "", 0, Promise.AtMost(0));
    private static readonly Row ProgramSize = new("size of the program file", "MB", 2, Promise.AtMost(3));

    // What is done once after the start is over by then.
    // An agent may tidy up behind its last request; what it does from then on is what it does for months.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public string Name => "idle";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [Resident, Proportional, PrivateDirty, Wakeups, ProgramSize];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        // The C server shows what a socket costs, and a process without anything in it would only show that.
        if (!turn.Target.IsAgent)
        {
            return;
        }

        using Server server = turn.Start();
        ServerProcess process = server.Process!;
        Interruption.Pause(Settle);
        turn.Add(Resident, process.ReadMemory("Rss") / 1e6);
        turn.Add(Proportional, process.ReadMemory("Pss") / 1e6);
        turn.Add(PrivateDirty, process.ReadMemory("Private_Dirty") / 1e6);
        turn.Add(ProgramSize, new FileInfo(turn.Target.Program!).Length / 1e6);

        // It takes ten seconds and does not depend on the machine's mood: once is enough.
        if (turn.Round == 0)
        {
            long before = process.ReadSwitches();
            Interruption.Pause(TimeSpan.FromSeconds(10));
            turn.Add(Wakeups, process.ReadSwitches() - before);
        }
    }
}
