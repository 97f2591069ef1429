using System.CommandLine;
using Guestwire.Cli.Output;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Tells what a guest is.</summary>
internal sealed class InfoVerb : GuestVerb
{
    /// <inheritdoc/>
    internal override string Name => "info";

    /// <inheritdoc/>
    internal override string Summary => "Tell what a guest is: system, kernel, name, addresses, processors, memory, agent";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples => [("guestwire info web1", "prints a page about web1")];

    /// <inheritdoc/>
    private protected override Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation) =>
        throw new NotImplementedException();
}
