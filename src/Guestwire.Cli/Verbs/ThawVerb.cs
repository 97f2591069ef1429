using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Freezing;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Lets the filesystems of guests be written again.</summary>
internal sealed class ThawVerb : GuestVerb
{
    /// <inheritdoc/>
    internal override string Name => "thaw";

    /// <inheritdoc/>
    internal override string Summary => "Let the filesystems of guests be written again";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire thaw web1", "thaws web1 and says how many filesystems were frozen; harmless when none was"),
        ("guestwire thaw --all", "thaws whatever is frozen"),
    ];

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command) => Options.Timeout.DefaultValueFactory = _ => FreezeVerb.Patience;

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation) =>
        new Result(await guest.GuestFsfreezeThawAsync(cancellation).ConfigureAwait(false));

    private sealed class Result(long count) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console) =>
            console.WriteLine(count == 0 ? "nothing was frozen" : $"{FilesystemCount.Text(count)} thawed");

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteNumber("thawed", count);
            writer.WriteEndObject();
        }
    }
}
