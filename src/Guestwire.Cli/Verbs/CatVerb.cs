using System.CommandLine;
using Guestwire.Cli.Paths;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Prints files of guests.</summary>
internal sealed class CatVerb : PathVerb
{
    /// <inheritdoc/>
    internal override string Name => "cat";

    /// <inheritdoc/>
    internal override string Summary => "Print files of guests, byte for byte";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire cat web1:/etc/hosts", "prints the file"),
        ("guestwire cat web1:/var/log/syslog | grep -i error", "looks through a log of a guest with a program of this host"),
    ];

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(GuestPath path, GuestPaths guests, ParseResult parsed, CancellationToken cancellation)
    {
        GuestClient guest = await guests.ClientOfAsync(path, cancellation).ConfigureAwait(false);
        GuestFileStream file = await guest.OpenFileAsync(path.Path, "r", cancellation).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            Stream output = Console.OpenStandardOutput();
            await using (output.ConfigureAwait(false))
            {
                await file.CopyToAsync(output, 1024 * 1024, cancellation).ConfigureAwait(false);
            }
        }

        return ExitCode.Done;
    }
}
