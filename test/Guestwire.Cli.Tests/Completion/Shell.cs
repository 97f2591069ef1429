using System.Diagnostics;

namespace Guestwire.Cli.Tests.Completion;

/// <summary>A shell that has our script, and the command in its PATH.</summary>
internal static class Shell
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Writes a program that completes as the command does, and does nothing else but say how it was called.</summary>
    /// <returns>Its file; the folder is for PATH.</returns>
    internal static string WriteProgram(TemporaryFolder folder)
    {
        // Patient, since a test may not depend on how busy the machine is.
        string program = folder.Write("bin/guestwire", $$"""
            #!/bin/sh
            case $1 in
                complete) shift; set -- complete --patience 60 "$@" ;;
                completion) ;;
                *) printf called; printf '<%s>' "$@"; echo; exit ;;
            esac
            exec "{{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}}" "{{Path.Combine(AppContext.BaseDirectory, "guestwire.dll")}}" "$@"

            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return program;
    }

    /// <summary>Runs lines in it.</summary>
    /// <returns>What they print, line by line.</returns>
    internal static async Task<string[]> RunAsync(string shell, string configuration, string script)
    {
        using TemporaryFolder folder = new();
        string program = WriteProgram(folder);
        string begin = shell switch
        {
            "bash" => "source <(guestwire completion bash)",
            "zsh" => "autoload -U compinit; compinit -D -u; guestwire completion zsh > $HOME/script; source $HOME/script",
            _ => "guestwire completion fish | source",
        };
        ProcessStartInfo start = new(shell) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])[.. shell == "bash" ? ["--norc"] : shell == "zsh" ? ["-f"] : (string[])["--no-config"], "-c", $"{begin}\n{script}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PATH"] = $"{Path.GetDirectoryName(program)}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["HOME"] = folder.Path;
        start.Environment["GUESTWIRE_CONFIG"] = configuration;
        using Process process = Process.Start(start) ?? throw new InvalidOperationException(shell);
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(s_patience);
        await process.WaitForExitAsync().WaitAsync(s_patience);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
