using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Shows a guest's disks.</summary>
internal sealed class DisksVerb : GuestVerb
{
    /// <inheritdoc/>
    internal override string Name => "disks";

    /// <inheritdoc/>
    internal override string Summary => "Show the disks and partitions of a guest, and where the host finds them";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire disks web1", "prints a table of the disks of web1, with bus, serial number and PCI address"),
        ("guestwire disks web1 --json", "prints all that the agent knows of them"),
    ];

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation) =>
        new Result(await guest.GuestGetDisksAsync(cancellation).ConfigureAwait(false));

    private sealed class Result(IReadOnlyList<GuestDiskInfo> disks) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console)
        {
            Table table = Terminal.Table("Name", "Kind", "Bus", "PCI", "Serial", "Alias", "On", "Health");
            foreach (GuestDiskInfo disk in disks.OrderBy(disk => disk.Name, StringComparer.Ordinal))
            {
                table.AddCells(
                    disk.Name,
                    disk.Partition ? "partition" : "disk",
                    disk.Address is { } address ? Bus(address.BusType) : "-",
                    disk.Address is { } place ? Pci(place.PciController) : "-",
                    disk.Address?.Serial ?? "-",
                    disk.Alias ?? "-",
                    disk.Dependencies is { Count: > 0 } below ? string.Join(",", below) : "-",
                    disk.Smart is GuestDiskSmart.Nvme nvme ? Health(nvme.Content) : "-");
            }

            console.WriteTable(table);
        }

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer) => Wire.Write(writer, json => GuestDiskInfoCodec.WriteList(json, disks));

        // A newer agent may know more of them.
        private static string Bus(GuestDiskBusType type) => Enum.IsDefined(type) ? GuestDiskBusTypeCodec.WireName(type) : "unknown";

        // All -1 where there is none.
        private static string Pci(GuestPCIAddress address) => address.Domain < 0 || address.Slot < 0
            ? "-"
            : $"{address.Domain:x4}:{address.Bus:x2}:{address.Slot:x2}.{address.Function:x}";

        private static string Health(GuestNVMeSmart smart) =>
            $"{(smart.CriticalWarning == 0 ? "good" : $"warning {smart.CriticalWarning}")}, {smart.PercentageUsed} % worn";
    }
}
