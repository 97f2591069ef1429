namespace EndToEnd.Faults;

/// <summary>Faults are injected one after another: most of these tests measure time or memory.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultsCollection
{
    internal const string Name = "Faults";
}
