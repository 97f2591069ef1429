using System.CommandLine;
using Guestwire.Cli.Manual;

namespace Guestwire.Cli.Verbs;

/// <summary>Writes the manual, for packages.</summary>
internal sealed class ManualVerb : Verb
{
    private readonly Argument<string> _folder = new("directory") { Description = "the folder that the pages are written to", HelpName = "DIRECTORY" };

    /// <inheritdoc/>
    internal override string Name => "manual";

    /// <inheritdoc/>
    internal override string Summary => "Write the manual's pages, guestwire(1) and one for each verb";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples => [("guestwire manual /usr/share/man/man1", "writes guestwire.1, guestwire-exec.1 and so on")];

    /// <inheritdoc/>
    internal override string Remarks => "The pages bear the date of SOURCE_DATE_EPOCH when that is set, else that of today.";

    /// <inheritdoc/>
    internal override bool IsHidden => true;

    /// <inheritdoc/>
    private protected override void Declare(Command command) => command.Arguments.Add(_folder);

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = parsed.GetValue(_folder)!;
        Directory.CreateDirectory(folder);
        DateTimeOffset date = long.TryParse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"), out long seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : Surroundings.Of(parsed).Time.GetUtcNow();
        foreach ((string name, string text) in new ManualPages(CommandLine.Build(), date).Write())
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.1"), text, cancellation).ConfigureAwait(false);
        }

        return ExitCode.Done;
    }
}
