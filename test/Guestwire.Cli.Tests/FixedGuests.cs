using Guestwire.Cli.Targets;

namespace Guestwire.Cli.Tests;

/// <summary>A source of guests that knows what it is told, or does not answer.</summary>
internal sealed class FixedGuests(params Target[] guests) : IGuestSource
{
    /// <summary>What it says instead of an answer.</summary>
    internal string? Failure { get; init; }

    public string Name { get; init; } = "the test";

    public Task<IReadOnlyList<Target>> ListAsync(CancellationToken cancellation) =>
        Failure is null ? Task.FromResult<IReadOnlyList<Target>>(guests) : throw new IOException(Failure);
}
