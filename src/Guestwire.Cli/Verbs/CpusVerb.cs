using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Shows a guest's processors, and switches them on and off.</summary>
internal sealed class CpusVerb : GuestVerb
{
    private readonly Option<string[]> _enable = new("--enable") { Description = "switch processors on, such as 3, 0-3 or 1,3-5", HelpName = "N", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string[]> _disable = new("--disable") { Description = "switch processors off", HelpName = "N", AllowMultipleArgumentsPerToken = false };

    /// <inheritdoc/>
    internal override string Name => "cpus";

    /// <inheritdoc/>
    internal override string Summary => "Show the processors of a guest, or switch some on or off";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire cpus web1", "prints a line for each processor"),
        ("guestwire cpus web1 --disable 2-3", "switches two processors off, and prints how it is then"),
    ];

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        command.Options.Add(_enable);
        command.Options.Add(_disable);
    }

    /// <inheritdoc/>
    private protected override void Check(ParseResult parsed) => Changes(parsed);

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        IReadOnlyList<GuestLogicalProcessor> changes = Changes(parsed);
        for (int done = 0; done < changes.Count;)
        {
            // It stops at the first that fails; asked again with what is left, it tells why.
            long count = await guest.GuestSetVcpusAsync([.. changes.Skip(done)], cancellation).ConfigureAwait(false);
            done += count > 0 ? (int)Math.Min(count, changes.Count - done) : throw new QapiException("the agent switched nothing and did not say why");
        }

        return new Result(await guest.GuestGetVcpusAsync(cancellation).ConfigureAwait(false));
    }

    private GuestLogicalProcessor[] Changes(ParseResult parsed)
    {
        GuestLogicalProcessor[] changes =
        [
            .. NumberRanges.Parse("--enable", parsed.GetValue(_enable) ?? []).Select(number => new GuestLogicalProcessor { LogicalId = number, Online = true }),
            .. NumberRanges.Parse("--disable", parsed.GetValue(_disable) ?? []).Select(number => new GuestLogicalProcessor { LogicalId = number, Online = false }),
        ];
        return changes.DistinctBy(change => change.LogicalId).Count() == changes.Length
            ? changes
            : throw new UsageException("a processor is named twice in --enable and --disable");
    }

    private sealed class Result(IReadOnlyList<GuestLogicalProcessor> processors) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console)
        {
            Table table = Terminal.Table(">Processor", "State", "Can be switched off");
            foreach (GuestLogicalProcessor processor in processors.OrderBy(processor => processor.LogicalId))
            {
                table.AddCells(
                    processor.LogicalId.ToString(CultureInfo.InvariantCulture),
                    processor.Online ? "online" : "offline",
                    processor.CanOffline switch { true => "yes", false => "no", null => "-" });
            }

            console.WriteTable(table);
        }

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer) => Wire.Write(writer, json => GuestLogicalProcessorCodec.WriteList(json, processors));
    }
}
