using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Cli.Targets;
using Guestwire.Client;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Gives the host back what filesystems do not use.</summary>
internal sealed class TrimVerb : GuestVerb
{
    private const double Patience = 600;

    private readonly Option<long> _minimum = new("--minimum")
    {
        Description = "leave free ranges smaller than this alone: quicker, and frees less",
        HelpName = "BYTES",
    };

    /// <inheritdoc/>
    internal override string Name => "trim";

    /// <inheritdoc/>
    internal override string Summary => "Tell the disks which blocks the filesystems do not use, so that the host can free them";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire trim web1", "trims every filesystem of web1 and says how much was freed"),
        ("guestwire trim --all --minimum 1048576", "trims all guests, and does not care for less than 1 MiB at one place"),
    ];

    /// <inheritdoc/>
    internal override string Remarks => "Filesystems that cannot be trimmed are listed with the reason; it is a failure when none could.";

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        Options.Timeout.DefaultValueFactory = _ => Patience;
        _minimum.Accept(bytes => bytes >= 0, "bytes, 0 or more");
        command.Options.Add(_minimum);
    }

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        long? minimum = parsed.GetResult(_minimum) is null ? null : parsed.GetValue(_minimum);
        return new Result(await guest.GuestFstrimAsync(minimum, cancellation).ConfigureAwait(false));
    }

    private sealed class Result(GuestFilesystemTrimResponse response) : VerbResult
    {
        /// <inheritdoc/>
        internal override int Code => response.Paths.Count > 0 && response.Paths.All(path => path.Error is not null) ? ExitCode.Failed : ExitCode.Done;

        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console)
        {
            Table table = Terminal.Table("Mounted on", ">Trimmed", "Remark");
            foreach (GuestFilesystemTrimResult path in response.Paths)
            {
                table.AddRow(new Text(HumanText.Safe(path.Path)), new Text(Amount(path)), new Text(HumanText.Safe(path.Error ?? "")));
            }

            console.WriteTable(table);
        }

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer) => Wire.Write(writer, json => GuestFilesystemTrimResponseCodec.Write(json, response));

        // Windows tells of success without a number.
        private static string Amount(GuestFilesystemTrimResult path) =>
            path.Error is not null ? "-" : path.Trimmed is { } bytes ? HumanText.Size(bytes) : "done";
    }
}
