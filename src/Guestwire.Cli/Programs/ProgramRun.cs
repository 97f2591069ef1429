using Guestwire.Cli.Output;
using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Programs;

/// <summary>A program in a guest, from its start to its end.</summary>
/// <param name="guest">The guest.</param>
/// <param name="program">The program.</param>
/// <param name="signals">What passes signals on to it.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgramRun(GuestClient guest, GuestProgram program, SignalForwarding signals, TimeProvider time)
{
    /// <summary>What agents say of a program that could not be started; some have more around it.</summary>
    private const string NotExecuted = "Failed to execute child process";

    /// <summary>What they add when there is no such program.</summary>
    private const string NoSuchFile = "(No such file or directory)";

    /// <summary>Whether its output comes as it is written.</summary>
    internal bool IsStreaming { get; private set; }

    /// <summary>Whether it wrote more than the agent keeps.</summary>
    internal bool IsTruncated { get; private set; }

    /// <summary>How it ended.</summary>
    internal GuestExit? Exit { get; private set; }

    /// <summary>Starts it, and returns when it has its input.</summary>
    /// <returns>Its number in the guest.</returns>
    /// <exception cref="FailureException">It did not start.</exception>
    internal Task<long> DetachAsync(Stream? input, CancellationToken cancellation) => GuardAsync(async () =>
    {
        GuestProcess process = await StartAsync(input is not null, cancellation).ConfigureAwait(false);
        await using (process.ConfigureAwait(false))
        {
            if (input is not null)
            {
                await ProgramInput.FeedAsync(input, process, cancellation).ConfigureAwait(false);
            }

            return process.Id;
        }
    });

    /// <summary>Runs it to its end.</summary>
    /// <param name="input">What it reads; null for nothing.</param>
    /// <param name="take">Gets what it writes.</param>
    /// <param name="cancellation">Leaves it to itself.</param>
    /// <returns>The exit code that tells of its end.</returns>
    /// <exception cref="FailureException">It did not start, or the guest was lost.</exception>
    internal Task<int> RunAsync(Stream? input, Action<GuestOutput> take, CancellationToken cancellation) => GuardAsync(async () =>
    {
        long began = time.GetTimestamp();
        GuestProcess process = await StartAsync(input is not null, cancellation).ConfigureAwait(false);
        await using (process.ConfigureAwait(false))
        {
            try
            {
                await TalkAsync(process, input, take, cancellation).ConfigureAwait(false);
                Exit = await process.WaitAsync(cancellation).ConfigureAwait(false);
            }
            finally
            {
                signals.Forget(process);
            }
        }

        IsTruncated = Exit.IsTruncated;
        bool isEndedInTime = program.Timeout is not { } limit || time.GetElapsedTime(began) < limit;
        return Exit.Signal is SignalNumbers.Terminate or SignalNumbers.Kill && !isEndedInTime ? ProgramExitCode.TimedOut : Exit.Status;
    });

    private async Task<GuestProcess> StartAsync(bool hasInput, CancellationToken cancellation)
    {
        GuestProcess process = await signals.StartAsync(
            () => guest.StartProgramAsync(program with { HasInput = hasInput }, cancellation)).ConfigureAwait(false);
        IsStreaming = process.IsStreaming;
        return process;
    }

    private static async Task TalkAsync(GuestProcess process, Stream? input, Action<GuestOutput> take, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            Task reading = ReadAsync(process, take, stop.Token);
            Task feeding = input is null ? Task.CompletedTask : ProgramInput.FeedAsync(input, process, stop.Token);
            if (await Task.WhenAny(reading, feeding).ConfigureAwait(false) == feeding)
            {
                await feeding.ConfigureAwait(false);
            }

            await reading.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private static async Task ReadAsync(GuestProcess process, Action<GuestOutput> take, CancellationToken cancellation)
    {
        bool isRead = true;
        await foreach (GuestOutput piece in process.ReadOutputAsync(cancellation).ConfigureAwait(false))
        {
            try
            {
                if (isRead)
                {
                    take(piece);
                }
            }
            catch (ClosedOutputException)
            {
                // As in any pipe: it hears of it by a signal, which ends it unless it knows better.
                isRead = false;
                await EndAsync(process, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task EndAsync(GuestProcess process, CancellationToken cancellation)
    {
        try
        {
            await process.SignalAsync(SignalNumbers.Pipe, cancellation).ConfigureAwait(false);
        }
        catch (QapiException)
        {
            // It has ended already.
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (QapiException exception) when (exception.Message.Contains(NotExecuted, StringComparison.Ordinal))
        {
            bool isMissing = exception.Message.Contains(NoSuchFile, StringComparison.Ordinal);
            throw new FailureException(isMissing ? ProgramExitCode.NotFound : ProgramExitCode.NotExecutable, exception.Message, exception);
        }
        catch (OperationCanceledException exception)
        {
            throw new FailureException(signals.LeaveCode, "left the program to itself", exception);
        }
        catch (Exception exception) when (exception is QapiException or IOException or TimeoutException)
        {
            throw new FailureException(ProgramExitCode.Ours, exception.Message, exception);
        }
    }
}
