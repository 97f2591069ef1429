using Guestwire.Client;

namespace Guestwire.Cli.Targets;

/// <summary>A guest that was named or found.</summary>
/// <param name="Name">What it is called in output: its name, or the target as it was given.</param>
/// <param name="Transport">How its agent is reached.</param>
/// <param name="State">Whether it runs, where that is known: <c>running</c>, <c>shut off</c>, <c>paused</c>…; null when nobody says.</param>
internal sealed record Target(string Name, GuestTransport Transport, string? State = null)
{
    /// <summary>Who knows it: the name of an <see cref="IGuestSource"/>; null for what was named as a target.</summary>
    internal string? Source { get; init; }
}
