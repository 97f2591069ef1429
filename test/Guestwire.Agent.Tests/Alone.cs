namespace Guestwire.Agent.Tests;

/// <summary>Tests that count what the whole process has open: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    internal const string Name = "alone";
}
