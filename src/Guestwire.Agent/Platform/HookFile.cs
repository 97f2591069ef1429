namespace Guestwire.Agent.Platform;

/// <summary>A program in the folder of hooks.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Refusal">Why it must not be run: somebody else could decide what it does. Null when it may.</param>
internal sealed record HookFile(string Path, string? Refusal);
