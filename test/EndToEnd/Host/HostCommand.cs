using System.Diagnostics;
using System.Text;
using EndToEnd.Sandbox;

namespace EndToEnd.Host;

/// <summary>The <c>guestwire</c> command as the build published it, run as a user runs it.</summary>
internal static class HostCommand
{
    /// <summary>Names another program than the checkout's <c>out/guestwire</c>.</summary>
    private const string ProgramVariable = "GUESTWIRE_COMMAND";

    /// <summary>How long anything may take; only a test that fails waits for it.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    /// <summary>The program; a test without it says how to get it.</summary>
    internal static string Program { get; } = Find();

    /// <summary>Runs it to its end.</summary>
    internal static Task<HostAnswer> RunAsync(params string[] arguments) => RunWithInputAsync([], arguments);

    /// <summary>Runs it to its end with further variables in its environment.</summary>
    internal static Task<HostAnswer> RunInAsync((string Name, string Value)[] variables, params string[] arguments) => EndAsync(StartIn(variables, arguments));

    /// <summary>Runs it to its end with something to read.</summary>
    internal static Task<HostAnswer> RunWithInputAsync(byte[] input, params string[] arguments) => EndAsync(Start(arguments), input);

    /// <summary>Gives one that was started the end of its input, and waits for its end.</summary>
    internal static Task<HostAnswer> EndAsync(RunningCommand started, TimeSpan? patience = null) => EndAsync(started, [], patience);

    private static async Task<HostAnswer> EndAsync(RunningCommand started, byte[] input, TimeSpan? patience = null)
    {
        using RunningCommand process = started;
        MemoryStream output = new();
        Task copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task writing = WriteAsync(process, input);
        using CancellationTokenSource deadline = new(patience ?? Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{string.Join(' ', process.StartInfo.ArgumentList.Skip(1))} did not end: {Encoding.UTF8.GetString(output.ToArray())}{await errors}");
        }

        await Task.WhenAll(copying, writing);
        return new HostAnswer(process.ExitCode, output.ToArray(), await errors);
    }

    /// <summary>Runs it; it must succeed.</summary>
    /// <returns>What it wrote, without the last line's end.</returns>
    internal static async Task<string> DoAsync(params string[] arguments)
    {
        HostAnswer answer = await RunAsync(arguments);
        Assert.True(answer.Status == 0, $"guestwire {string.Join(' ', arguments)}: {answer.Status}: {answer.Errors}");
        return answer.Text.TrimEnd('\n');
    }

    /// <summary>A program for a freeze: makes the file "frozen" in a folder, and waits there for the file "go-on".</summary>
    /// <param name="here">The folder.</param>
    /// <param name="end">What the shell does then.</param>
    internal static string[] ProgramThatWaits(TemporaryFolder here, string end) =>
        ["sh", "-c", $"touch {here.Combine("frozen")}; until [ -e {here.Combine("go-on")} ]; do sleep 0.1; done; {end}"];

    /// <summary>Starts it; whoever starts it ends it. It takes SIGINT as on a terminal, whatever runs the tests does with it.</summary>
    internal static RunningCommand Start(params string[] arguments) => Start([Program], arguments);

    /// <summary>Starts it with further variables in its environment.</summary>
    internal static RunningCommand StartIn((string Name, string Value)[] variables, params string[] arguments) =>
        Start([.. variables.Select(variable => $"{variable.Name}={variable.Value}"), Program], arguments);

    private static RunningCommand Start(string[] program, string[] arguments)
    {
        RunningCommand command = new()
        {
            StartInfo = new ProcessStartInfo("env", ["--default-signal=INT", .. program, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["LC_ALL"] = "C", ["TZ"] = "UTC", ["GUESTWIRE_CONFIG"] = "/nonexistent/guestwire" },
            },
        };
        command.Start();
        return command;
    }

    private static async Task WriteAsync(Process process, byte[] input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It does not read.
        }
    }

    private static string Find()
    {
        string program = Environment.GetEnvironmentVariable(ProgramVariable) ?? Path.Combine(Checkout.Root, "out", "guestwire");
        return File.Exists(program) ? program : throw new FileNotFoundException($"no command at {program} (./build makes it)", program);
    }
}
