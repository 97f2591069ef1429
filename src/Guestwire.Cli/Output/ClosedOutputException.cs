namespace Guestwire.Cli.Output;

/// <summary>Whoever read our output does so no more: what SIGPIPE says to other programs.</summary>
internal sealed class ClosedOutputException() : IOException("nobody reads the output any more");
