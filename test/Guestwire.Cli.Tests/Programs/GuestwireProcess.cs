using System.Diagnostics;
using Guestwire.Client.Interop;

namespace Guestwire.Cli.Tests.Programs;

/// <summary>The command as a process of its own, for what only a process has: signals.</summary>
internal sealed class GuestwireProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private GuestwireProcess(Process process) => _process = process;

    /// <summary>Starts it.</summary>
    internal static GuestwireProcess Start(params string[] arguments)
    {
        // A shell has what it starts in the background ignore the interrupt, and a test run may be such a thing.
        ProcessStartInfo start = new(
            "env",
            [
                "--default-signal=INT",
                Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
                Path.Combine(AppContext.BaseDirectory, "guestwire.dll"),
                .. arguments,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new GuestwireProcess(Process.Start(start)!);
    }

    /// <summary>Sends it a signal.</summary>
    internal void Signal(int signal) => Assert.Equal(0, Libc.Kill(_process.Id, signal));

    /// <summary>A line of its output; null at its end.</summary>
    internal Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(s_patience);

    /// <summary>Its exit code, when it has ended, and what it said.</summary>
    internal async Task<(int Code, string Error)> EndAsync()
    {
        string error = await _process.StandardError.ReadToEndAsync().WaitAsync(s_patience);
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return (_process.ExitCode, error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
