using System.CommandLine;
using System.Text;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Cli.Targets;
using Spectre.Console;

namespace Guestwire.Cli;

/// <summary>What the command has around it: where it reads and writes, whether people look on, the guests it can find, and the time. Tests give it others.</summary>
internal sealed class Surroundings : InvocationConfiguration
{
    /// <summary>Those of this process.</summary>
    internal Surroundings() => ProcessTerminationTimeout = CommandLine.CleanUpTime;

    /// <summary>Standard input, as text. Opened when it is asked for, since that changes how a terminal behaves.</summary>
    internal TextReader Input
    {
        get => field ??= Console.In;
        init;
    }

    /// <summary>Standard input, as bytes.</summary>
    internal Stream InputBytes
    {
        get => field ??= Console.OpenStandardInput();
        init;
    }

    /// <summary>Standard output, as bytes that go at once.</summary>
    internal Stream OutputBytes
    {
        get => field ??= StandardStream.Output();
        init;
    }

    /// <summary>Standard error, as bytes that go at once.</summary>
    internal Stream ErrorBytes
    {
        get => field ??= StandardStream.Error();
        init;
    }

    /// <summary>Whether somebody at a terminal writes standard input.</summary>
    internal bool IsInputTerminal { get; init; } = !Console.IsInputRedirected;

    /// <summary>Prompts on a writer, and reads a line from the terminal without showing it; null when it ends before.</summary>
    internal Func<TextWriter, string, string?> ReadSecret { get; init; } = SecretInput.Read;

    /// <summary>Whether a terminal shows standard output.</summary>
    internal bool IsOutputTerminal { get; init; } = !Console.IsOutputRedirected;

    /// <summary>Whether a terminal shows standard error: progress goes there.</summary>
    internal bool IsErrorTerminal { get; init; } = !Console.IsErrorRedirected;

    /// <summary>Waits for a key on the terminal; for ever where there is none.</summary>
    internal Func<Task<char>> ReadKeyAsync { get; init; } = static () =>
        Console.IsInputRedirected ? new TaskCompletionSource<char>().Task : Task.Run(static () => Console.ReadKey(intercept: true).KeyChar);

    /// <summary>Who finds guests.</summary>
    internal TargetResolver Guests { get; init; } = TargetResolver.OfHost();

    /// <summary>The clock, and what waits by it.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Those in which a command line is carried out.</summary>
    internal static Surroundings Of(ParseResult parsed) => (Surroundings)parsed.InvocationConfiguration;

    /// <summary>A console on standard output.</summary>
    internal IAnsiConsole OpenConsole() => Terminal.On(Output, IsOutputTerminal);

    /// <summary>Writes a JSON value to standard output, and ends the line.</summary>
    /// <param name="write">Writes the value.</param>
    /// <param name="indented">Whether people may like it in several lines.</param>
    internal void WriteJson(Action<Utf8JsonWriter> write, bool indented)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, new JsonWriterOptions { Indented = indented }))
        {
            write(writer);
        }

        Output.WriteLine(Encoding.UTF8.GetString(json.GetBuffer().AsSpan(0, (int)json.Length)));
    }
}
