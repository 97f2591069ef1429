using System.Globalization;

namespace Guestwire.Agent.Platform;

/// <summary>How a helper program ended.</summary>
/// <param name="ExitCode">Its exit code; null when a signal ended it, or it was over its limit.</param>
/// <param name="Output">What it wrote to its standard output and error together, the end of it when that was much.</param>
internal sealed record HelperEnd(int? ExitCode, string Output)
{
    /// <summary>The exit code that a shell would report for a program that could not be executed.</summary>
    private const int NotExecuted = 127;

    /// <summary>Whether it ran and said that all went well.</summary>
    internal bool HasSucceeded => ExitCode == 0;

    /// <summary>Whether it never ran, because there is no such program or it cannot be executed.</summary>
    internal bool IsNotExecuted { get; private init; }

    /// <summary>What to say of a program that had to be ended, or null for one that ended by itself.</summary>
    private string? Overdue { get; init; }

    /// <summary>The end of a program that was over its limit: as if a signal had ended it, which may be so or not.</summary>
    /// <param name="program">The program.</param>
    /// <param name="limit">How long it was allowed to run.</param>
    /// <param name="output">What it wrote until then.</param>
    internal static HelperEnd OfOverdue(string program, TimeSpan limit, string output) =>
        new(null, output) { Overdue = string.Create(CultureInfo.InvariantCulture, $"'{program}' did not end within {limit.TotalSeconds:0.###} s and was killed") };

    /// <summary>The end of a program that could not be executed: as if it had failed and said why.</summary>
    /// <param name="program">The program.</param>
    /// <param name="reason">The system's message.</param>
    internal static HelperEnd OfNotExecuted(string program, string reason) =>
        new(NotExecuted, $"failed to exec '{program}': {reason}\n") { IsNotExecuted = true };

    /// <summary>What the host must hear of it, or null when it succeeded.</summary>
    /// <param name="action">What it was there to do.</param>
    internal string? DescribeFailure(string action) => ExitCode switch
    {
        0 => null,
        null => (Overdue ?? "child process has terminated abnormally") + (Output.Length > 0 ? $": {Output}" : ""),
        int code => $"child process has failed to {action}: " + (Output.Length > 0 ? Output : $"exit status {code}"),
    };
}
