using System.Text.Json;
using Guestwire.Cli.Targets;

namespace Guestwire.Cli.Tests;

/// <summary>One call of the command, and what came of it.</summary>
internal sealed record CommandOutcome(int Code, string Output, string Error)
{
    /// <summary>The output as one JSON value.</summary>
    internal JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The output as a JSON value in each line.</summary>
    internal JsonElement[] JsonLines => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The output in lines, without what pads them.</summary>
    internal string[] Lines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd())];
}

/// <summary>The command, called in this process with surroundings of the test's own.</summary>
internal static class Command
{
    /// <summary>More than any test needs: a test that hangs shall say so.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Calls it; no guest is known by name.</summary>
    internal static Task<CommandOutcome> RunAsync(params string[] arguments) => RunAsync(new CommandSurroundings(), arguments);

    /// <summary>Calls it.</summary>
    internal static async Task<CommandOutcome> RunAsync(CommandSurroundings given, params string[] arguments)
    {
        StringWriter output = new();
        StringWriter error = new();
        Surroundings surroundings = new()
        {
            Output = output,
            Error = error,
            Input = new StringReader(given.Input),
            IsOutputTerminal = given.IsTerminal,
            IsErrorTerminal = given.IsTerminal,
            Guests = new TargetResolver(given.Sources),
            Time = given.Time,
            ReadKeyAsync = given.ReadKeyAsync,
        };
        int code = await CommandLine.RunAsync(CommandLine.Parse(arguments), surroundings).WaitAsync(s_patience);
        return new CommandOutcome(code, output.ToString(), error.ToString());
    }
}

/// <summary>What a test wants the command to have around it.</summary>
internal sealed record CommandSurroundings
{
    internal IReadOnlyList<IGuestSource> Sources { get; init; } = [];

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal bool IsTerminal { get; init; }

    internal string Input { get; init; } = "";

    internal Func<Task<char>> ReadKeyAsync { get; init; } = () => new TaskCompletionSource<char>().Task;
}
