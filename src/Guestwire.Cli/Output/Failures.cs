using Guestwire.Protocol;

namespace Guestwire.Cli.Output;

/// <summary>What went wrong, as a line for people and an exit code for scripts.</summary>
internal static class Failures
{
    /// <summary>Runs something and reports what goes wrong.</summary>
    /// <param name="run">What is run.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> ReportAsync(Func<Task<int>> run, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (Exception exception) when (CodeOf(exception, cancellation) is int code)
        {
            if (code != ExitCode.Interrupted)
            {
                await error.WriteLineAsync(HumanText.Complaint(exception.Message)).ConfigureAwait(false);
            }

            return code;
        }
    }

    /// <summary>The exit code for what went wrong; null for what is a bug of ours.</summary>
    internal static int? CodeOf(Exception exception, CancellationToken cancellation) => exception switch
    {
        OperationCanceledException when cancellation.IsCancellationRequested => ExitCode.Interrupted,
        FailureException failure => failure.Code,
        UsageException or FormatException => ExitCode.Usage,
        QapiException => ExitCode.Failed,
        TimeoutException => ExitCode.TimedOut,
        IOException => ExitCode.Unreachable,
        UnauthorizedAccessException => ExitCode.Failed,
        _ => null,
    };
}
