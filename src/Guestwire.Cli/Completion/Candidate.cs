namespace Guestwire.Cli.Completion;

/// <summary>What a word may become.</summary>
/// <param name="Text">The whole word; with / or : at its end more may follow.</param>
/// <param name="Help">What it means, in a line; empty when that is plain.</param>
internal sealed record Candidate(string Text, string Help = "");
