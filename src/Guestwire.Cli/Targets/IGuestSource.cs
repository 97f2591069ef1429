namespace Guestwire.Cli.Targets;

/// <summary>Something on this host that knows guests by name.</summary>
internal interface IGuestSource
{
    /// <summary>What it is called in messages.</summary>
    string Name { get; }

    /// <summary>All guests that it knows; none when it is not there.</summary>
    /// <exception cref="IOException">It is there, and does not answer.</exception>
    Task<IReadOnlyList<Target>> ListAsync(CancellationToken cancellation);
}
