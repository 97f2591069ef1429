namespace EndToEnd.Faults.Guest;

/// <summary>The test classes that share one guest that moves.</summary>
[CollectionDefinition(MovableMachine.Collection)]
public sealed class MovableGuestCollection : ICollectionFixture<MovableMachine>;
