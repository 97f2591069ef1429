using System.ComponentModel;
using System.Diagnostics;
using Guestwire.Cli.Programs;
using Guestwire.Client.Interop;

namespace Guestwire.Cli.Freezing;

/// <summary>A program on this host. It has our input and output.</summary>
/// <param name="path">The program's file.</param>
/// <param name="arguments">Its arguments.</param>
internal sealed class HostCommand(string path, IReadOnlyList<string> arguments)
{
    /// <summary>What it gets to end by itself, once it was asked to.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    /// <summary>Finds it as a shell would, so that nothing is frozen for a program that is not there.</summary>
    /// <exception cref="FailureException">It is not there, or is no program.</exception>
    internal static HostCommand Find(string name, IReadOnlyList<string> arguments)
    {
        string[] candidates = name.Contains('/', StringComparison.Ordinal)
            ? [name]
            : [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name))];
        string[] files = [.. candidates.Where(File.Exists)];
        return files.FirstOrDefault(IsExecutable) is { } found ? new HostCommand(Path.GetFullPath(found), arguments)
            : files.Length > 0 ? throw new FailureException(ProgramExitCode.NotExecutable, $"{files[0]} is no program; nothing was frozen")
            : throw new FailureException(ProgramExitCode.NotFound, $"there is no program {name}; nothing was frozen");
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="limit">How long it may take; null for as long as it wants. Then it gets SIGTERM, and nobody waits for it.</param>
    /// <param name="signals">Signals that came to us; it gets them, and SIGKILL when it does not end soon after.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Its exit code, 128+N when signal N killed it; null when it took too long.</returns>
    /// <exception cref="FailureException">It cannot be run.</exception>
    internal async Task<int?> RunAsync(TimeSpan? limit, SignalInbox signals, TimeProvider time)
    {
        using Process process = Start();
        Task end = process.WaitForExitAsync();
        using CancellationTokenSource late = new();
        Task timeout = limit is { } allowed ? Task.Delay(allowed, time, late.Token) : Task.Delay(Timeout.Infinite, late.Token);
        Task grace = Task.Delay(Timeout.Infinite, late.Token);
        bool isAsked = false;
        try
        {
            while (true)
            {
                Task<int> signal = signals.NextAsync();
                Task first = await Task.WhenAny(end, signal, timeout, grace).ConfigureAwait(false);
                if (first == end)
                {
                    return process.ExitCode;
                }

                if (first == timeout)
                {
                    _ = Libc.Kill(process.Id, SignalNumbers.Terminate);
                    return null;
                }

                if (first == grace)
                {
                    process.Kill();
                    grace = Task.Delay(Timeout.Infinite, late.Token);
                    continue;
                }

                int number = await signal.ConfigureAwait(false);

                // A terminal sends Ctrl-C to both of us.
                if (number != SignalNumbers.Interrupt || Console.IsInputRedirected)
                {
                    _ = Libc.Kill(process.Id, number);
                }

                if (!isAsked)
                {
                    isAsked = true;
                    grace = Task.Delay(s_grace, time, late.Token);
                }
            }
        }
        finally
        {
            await late.CancelAsync().ConfigureAwait(false);
        }
    }

    private Process Start()
    {
        ProcessStartInfo start = new(path) { UseShellExecute = false };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new FailureException(ProgramExitCode.NotExecutable, $"cannot run {path}: {exception.Message}", exception);
        }
    }

    private static bool IsExecutable(string file) =>
        (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
