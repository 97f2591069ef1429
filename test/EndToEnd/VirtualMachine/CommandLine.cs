using System.Diagnostics;

namespace EndToEnd.VirtualMachine;

/// <summary>Runs a program to its end.</summary>
internal static class CommandLine
{
    /// <summary>Runs <paramref name="program"/>; its errors go where ours go.</summary>
    /// <returns>Its standard output without the last line's end.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    internal static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.TrimEnd('\n')
            : throw new InvalidOperationException($"{program} ended with status {process.ExitCode}");
    }
}
