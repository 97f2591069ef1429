using System.Text;
using Guestwire.Cli.Targets;

namespace Guestwire.Cli.Tests.Programs;

/// <summary>A call of a verb that reads and writes bytes, in this process.</summary>
internal sealed record ProgramCall
{
    /// <summary>More than any test needs: a test that hangs shall say so.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Standard input; a terminal unless given.</summary>
    internal byte[]? Input { get; init; }

    /// <summary>What people type at the terminal, line by line.</summary>
    internal string Typed { get; init; } = "";

    /// <summary>What people type unseen.</summary>
    internal string[] Secrets { get; init; } = [];

    /// <summary>The clock.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Guests by name.</summary>
    internal Target[] Guests { get; init; } = [];

    /// <summary>Where standard output goes, if not into the outcome.</summary>
    internal Stream? Output { get; init; }

    /// <summary>Calls it.</summary>
    internal async Task<ProgramOutcome> RunAsync(params string[] arguments)
    {
        MemoryStream output = new();
        MemoryStream error = new();
        Queue<string> secrets = new(Secrets);
        using StreamWriter outputText = new(output, leaveOpen: true) { AutoFlush = true };
        using StreamWriter errorText = new(error, leaveOpen: true) { AutoFlush = true };
        Surroundings surroundings = new()
        {
            Output = outputText,
            Error = errorText,
            OutputBytes = Output ?? output,
            ErrorBytes = error,
            Input = new StringReader(Input is null ? Typed : Encoding.UTF8.GetString(Input)),
            InputBytes = new MemoryStream(Input ?? []),
            IsInputTerminal = Input is null,
            IsOutputTerminal = false,
            IsErrorTerminal = false,
            ReadSecret = (_, _) => secrets.TryDequeue(out string? secret) ? secret : null,
            Guests = new TargetResolver([new FixedGuests(Guests)]),
            Time = Time,
            ProcessTerminationTimeout = null,
        };
        int code = await CommandLine.Parse(arguments).InvokeAsync(surroundings).WaitAsync(s_patience);
        return new ProgramOutcome(code, output.ToArray(), Encoding.UTF8.GetString(error.ToArray()));
    }
}

/// <summary>What came of a call.</summary>
internal sealed record ProgramOutcome(int Code, byte[] Output, string Error)
{
    /// <summary>Standard output as text.</summary>
    internal string Text => Encoding.UTF8.GetString(Output);
}
