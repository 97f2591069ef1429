namespace Guestwire.Agent.State;

/// <summary>What becomes of a program once it runs.</summary>
/// <param name="StreamsOutput">Whether its host reads along; else what is captured is kept for the end.</param>
/// <param name="StreamsInput">Whether its input stays open for more.</param>
/// <param name="Timeout">How long it may run; null for as long as it wants.</param>
internal sealed record ExecOptions(bool StreamsOutput, bool StreamsInput, TimeSpan? Timeout)
{
    /// <summary>As the standard protocol has it.</summary>
    internal static ExecOptions Plain { get; } = new(false, false, null);
}
