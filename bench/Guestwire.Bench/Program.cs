using Guestwire.Bench;
using Guestwire.Bench.Groups;
using Guestwire.Bench.Growth;

// Called by bench/run. Each round measures each group, and in each group the targets take turns, in an order that moves on from
// round to round: whatever else the machine does meets all of them.
try
{
    Interruption.Prepare();
    Options options = Options.Read(args);
    IReadOnlyList<IGroup> groups = Choose(options);
    IReadOnlyList<Target> targets = options.Mode == Mode.Guest
        ?
        [
            new(TargetKind.Ours, Program: null, options.Ours),
            new(TargetKind.Reference, Program: null, options.Reference),
        ]
        :
        [
            new(TargetKind.Ours, options.Ours, Socket: null),
            new(TargetKind.Reference, options.Reference, Socket: null),
            new(TargetKind.Limit, options.Limit, Socket: null),
        ];
    Results results = new(hasPromises: options.Mode == Mode.Here);
    using DataPlace data = options.Mode == Mode.Guest ? DataPlace.MakeInGuest() : DataPlace.MakeHere();
    for (int round = 0; round < options.Rounds; round++)
    {
        Console.Error.Write($"round {round + 1} of {options.Rounds}:");
        foreach (IGroup group in groups)
        {
            Console.Error.Write($" {group.Name}");
            for (int i = 0; i < targets.Count; i++)
            {
                group.Measure(new Turn(targets[(round + i) % targets.Count], round, data, results));
            }
        }

        Console.Error.WriteLine();
    }

    if (options.Json != "-")
    {
        Table.Print(Console.Out, groups, results);
    }

    if (options.Json is not null)
    {
        JsonReport.Write(options, groups, results);
    }

    return 0;
}
catch (Exception e) when (e is BenchException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"\nbench: {e.Message}");
    return 1;
}

static IReadOnlyList<IGroup> Choose(Options options)
{
    IReadOnlyList<IGroup> all = options.Mode switch
    {
        Mode.Here =>
        [
            new StartGroup(), new IdleGroup(), new PingGroup(), new SyncGroup(), new FactsGroup(), new FilesGroup(), new MemoryGroup(),
            new ExecGroup(), new CopyGroup(),
        ],
        Mode.Guest => [new PingGroup(), new SyncGroup(), new FactsGroup(), new FilesGroup(), new ExecGroup()],
        _ => [new MountGrowth(), new FilesystemGrowth(), new HandleGrowth(), new ClientGrowth()],
    };
    string? unknown = options.Only.FirstOrDefault(name => all.All(group => group.Name != name));
    return unknown is null
        ? [.. all.Where(group => options.Only.Count == 0 || options.Only.Contains(group.Name))]
        : throw new BenchException($"no group is called {unknown}; there are {string.Join(", ", all.Select(group => group.Name))}");
}
