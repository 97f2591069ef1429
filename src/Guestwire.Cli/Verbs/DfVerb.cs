using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Shows how full a guest's filesystems are.</summary>
internal sealed class DfVerb : GuestVerb
{
    /// <inheritdoc/>
    internal override string Name => "df";

    /// <inheritdoc/>
    internal override string Summary => "Show the filesystems of a guest and how full they are";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire df web1", "prints a table of the filesystems of web1"),
        ("guestwire df web1 --json | jq '.[] | {mountpoint, \"used-bytes\"}'", "prints what is in use, in bytes"),
    ];

    /// <inheritdoc/>
    internal override string Remarks => "Filesystems on disks only; those of the network and of the kernel are not told.";

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation) =>
        new Result(await guest.GuestGetFsinfoAsync(cancellation).ConfigureAwait(false));

    private sealed class Result(IReadOnlyList<GuestFilesystemInfo> filesystems) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console)
        {
            Table table = Terminal.Table("Mounted on", "Type", ">Size", ">Used", ">Avail", ">Use", "Device", "Disks");
            foreach (GuestFilesystemInfo filesystem in filesystems.OrderBy(filesystem => filesystem.Mountpoint, StringComparer.Ordinal))
            {
                table.AddCells(
                    [filesystem.Mountpoint, filesystem.Type, .. Use(filesystem), filesystem.Name, string.Join(",", filesystem.Disk.Select(Disk).Distinct())]);
            }

            console.WriteTable(table);
        }

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer) => Wire.Write(writer, json => GuestFilesystemInfoCodec.WriteList(json, filesystems));

        private static string[] Use(GuestFilesystemInfo filesystem) => filesystem is { UsedBytes: { } used, TotalBytes: { } total }
            ? [HumanText.Size(total), HumanText.Size(used), HumanText.Size(total > used ? total - used : 0), total > 0 ? HumanText.Percent((double)used / total) : "-"]
            : ["-", "-", "-", "-"];

        private static string Disk(GuestDiskAddress address) => address.Dev ?? address.Serial ?? "-";
    }
}
