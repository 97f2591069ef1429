using System.CommandLine;
using Guestwire.Cli.Facts;
using Guestwire.Cli.Output;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Tells what a guest is.</summary>
internal sealed class InfoVerb : GuestVerb
{
    /// <inheritdoc/>
    internal override string Name => "info";

    /// <inheritdoc/>
    internal override string Summary => "Tell what a guest is: system, clock, load, memory, addresses, filesystems, users, agent";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire info web1", "prints a page about web1"),
        ("guestwire info --all --json | jq -r '.result.osinfo.\"pretty-name\"'", "prints the system of every running guest"),
    ];

    /// <inheritdoc/>
    internal override string Remarks =>
        "All questions are sent at once. What the agent does not have, or its administrator does not let hosts ask, is left out with a remark, and is null in JSON.";

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation) =>
        new InfoResult(await GuestFacts.AskAsync(guest, Surroundings.Of(parsed).Time, cancellation).ConfigureAwait(false));
}
