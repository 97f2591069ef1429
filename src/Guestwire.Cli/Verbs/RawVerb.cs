using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Sends a request as it was written.</summary>
internal sealed class RawVerb : GuestVerb
{
    // Read once, also for several guests.
    private readonly Lock _reading = new();
    private Task<string>? _input;

    /// <inheritdoc/>
    internal override string Name => "raw";

    /// <inheritdoc/>
    internal override string Summary => "Send a request of the agent's protocol and print the reply";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire raw web1 '{\"execute\": \"guest-get-host-name\"}'", "prints {\"return\": {\"host-name\": \"web1\"}}"),
        ("guestwire raw web1 < request.json", "sends what the file holds"),
    ];

    /// <inheritdoc/>
    internal override string Remarks => "The request is the argument that begins with a brace; without one it is read from standard input.";

    /// <inheritdoc/>
    private protected override string[] NamesOf(string[] words) => [.. words.Where(word => !IsRequest(word))];

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        string request = parsed.GetValue(Guests)?.LastOrDefault(IsRequest) ?? await ReadInputAsync(Surroundings.Of(parsed).Input).ConfigureAwait(false);
        return new Result(await guest.SendRawAsync(request, cancellation).ConfigureAwait(false));
    }

    private Task<string> ReadInputAsync(TextReader input)
    {
        lock (_reading)
        {
            return _input ??= input.ReadToEndAsync();
        }
    }

    private static bool IsRequest(string word) => word.StartsWith('{');

    private sealed class Result(string reply) : VerbResult
    {
        /// <inheritdoc/>
        internal override int Code => JsonDocument.Parse(reply).RootElement.TryGetProperty("error", out _) ? ExitCode.Failed : ExitCode.Done;

        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console) => console.Profile.Out.Writer.WriteLine(reply);

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer) => writer.WriteRawValue(reply);
    }
}
