namespace Guestwire.Cli;

/// <summary>What went wrong has an exit code of its own.</summary>
/// <param name="code">The exit code.</param>
internal sealed class FailureException(int code, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The exit code.</summary>
    internal int Code => code;
}
