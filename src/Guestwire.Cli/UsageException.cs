namespace Guestwire.Cli;

/// <summary>The command line or the configuration is wrong. Nothing was done.</summary>
internal sealed class UsageException(string message, Exception? cause = null) : Exception(message, cause);
