namespace EndToEnd.DebianGuest;

/// <summary>The test classes that share one Debian guest.</summary>
[CollectionDefinition(DebianMachine.Collection)]
public sealed class DebianGuestCollection : ICollectionFixture<DebianMachine>;
