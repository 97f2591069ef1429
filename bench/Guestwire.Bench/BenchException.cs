namespace Guestwire.Bench;

/// <summary>What ends the run, in words for whoever started it.</summary>
internal sealed class BenchException(string message) : Exception(message);
