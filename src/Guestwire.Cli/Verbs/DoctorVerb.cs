using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Diagnosis;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Finds out what is wrong.</summary>
internal sealed class DoctorVerb : GuestVerb
{
    /// <inheritdoc/>
    internal override string Name => "doctor";

    /// <inheritdoc/>
    internal override string Summary => "Find out what is wrong between the host and a guest's agent, and how to mend it";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire doctor web1", "looks at the way to web1's agent, the agent and what it may do; says what to mend, and ends with 1 when something must be"),
        ("guestwire doctor --all --json | jq -c 'select(.status != 0)'", "prints the running guests that have a problem"),
    ];

    /// <inheritdoc/>
    internal override string Remarks => "Run it as root: only root sees which other program has a socket.";

    /// <inheritdoc/>
    internal override string ExitCodes => "0 no problem, though there may be warnings; 1 a problem; 2 wrong usage; 5 of several guests some have a problem; 130 interrupted";

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation) =>
        new Result(await new GuestDiagnosis(guest, Surroundings.Of(parsed).Time).RunAsync(cancellation).ConfigureAwait(false));

    private sealed class Result(IReadOnlyList<Finding> findings) : VerbResult
    {
        private static readonly string s_indent = new(' ', 20);

        /// <inheritdoc/>
        internal override int Code => findings.Any(finding => finding.Level == FindingLevel.Problem) ? ExitCode.Failed : ExitCode.Done;

        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console)
        {
            foreach (Finding finding in findings)
            {
                console.Write(new Text($"{finding.LevelName,-8}", new Style(Colour(finding.Level), decoration: Decoration.Bold)));
                console.WriteLine($"  {finding.Check,-8}  {HumanText.Safe(finding.Text)}");
                if (finding.Level != FindingLevel.Ok)
                {
                    console.WriteLine($"{s_indent}means: {finding.Meaning}");
                    console.WriteLine($"{s_indent}mend:  {finding.Remedy}");
                }
            }
        }

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartArray();
            foreach (Finding finding in findings)
            {
                writer.WriteStartObject();
                writer.WriteString("check", finding.Check);
                writer.WriteString("level", finding.LevelName);
                writer.WriteString("finding", finding.Text);
                if (finding.Level != FindingLevel.Ok)
                {
                    writer.WriteString("meaning", finding.Meaning);
                    writer.WriteString("remedy", finding.Remedy);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        private static Color Colour(FindingLevel level) => level switch
        {
            FindingLevel.Ok => Color.Green,
            FindingLevel.Warning => Color.Yellow,
            _ => Color.Red,
        };
    }
}
