using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Asks whether an agent answers, and how fast.</summary>
internal sealed class PingVerb : GuestVerb
{
    /// <inheritdoc/>
    internal override string Name => "ping";

    /// <inheritdoc/>
    internal override string Summary => "Ask whether the agent answers, and how fast";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire ping web1", "says how long the agent of web1 takes to answer"),
        ("guestwire ping --all --timeout 2", "shows which guests have an agent that answers within two seconds"),
    ];

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        // The first one also opens the connection.
        await guest.GuestPingAsync(cancellation).ConfigureAwait(false);
        long began = Stopwatch.GetTimestamp();
        await guest.GuestPingAsync(cancellation).ConfigureAwait(false);
        return new Result(Stopwatch.GetElapsedTime(began));
    }

    private sealed class Result(TimeSpan time) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console) => console.WriteLine($"the agent answers in {time.TotalMilliseconds:0.000} ms");

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteNumber("seconds", time.TotalSeconds);
            writer.WriteEndObject();
        }
    }
}
