using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Guestwire.Cli.Facts;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Shows a guest's network interfaces.</summary>
internal sealed class NetVerb : GuestVerb
{
    private const string RouteCommand = "guest-network-get-route";

    private readonly Option<bool> _routes = new("--routes") { Description = "show the routing table too" };

    /// <inheritdoc/>
    internal override string Name => "net";

    /// <inheritdoc/>
    internal override string Summary => "Show the network interfaces of a guest: addresses, what went through them, routes";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire net web1", "prints the interfaces of web1, their addresses and how much went through them"),
        ("guestwire net web1 --routes", "prints its routes too, when its agent is 10.1 or newer"),
    ];

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command) => command.Options.Add(_routes);

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        if (!parsed.GetValue(_routes))
        {
            return new Result(await guest.GuestNetworkGetInterfacesAsync(cancellation).ConfigureAwait(false), null);
        }

        GuestQuestions questions = await GuestQuestions.BeginAsync(guest, cancellation).ConfigureAwait(false);
        Task<Answer<IReadOnlyList<GuestNetworkRoute>>> routes = questions.AskAsync(RouteCommand, () => guest.GuestNetworkGetRouteAsync(cancellation));
        IReadOnlyList<GuestNetworkInterface> interfaces = await guest.GuestNetworkGetInterfacesAsync(cancellation).ConfigureAwait(false);
        return new Result(interfaces, await routes.ConfigureAwait(false));
    }

    private sealed class Result(IReadOnlyList<GuestNetworkInterface> interfaces, Answer<IReadOnlyList<GuestNetworkRoute>>? routes) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console)
        {
            Table table = Terminal.Table("Interface", "Hardware", "Address", ">Received", ">Packets", ">Errors", ">Dropped", ">Sent", ">Packets", ">Errors", ">Dropped");
            foreach (GuestNetworkInterface card in interfaces)
            {
                string[] addresses = [.. (card.IpAddresses ?? []).Select(address => $"{address.IpAddress}/{address.Prefix}").DefaultIfEmpty("-")];
                table.AddCells([card.Name, card.HardwareAddress ?? "-", addresses[0], .. Counters(card.Statistics)]);
                foreach (string address in addresses.Skip(1))
                {
                    table.AddCells("", "", address);
                }
            }

            console.WriteTable(table);
            if (routes is null)
            {
                return;
            }

            console.WriteLine();
            if (!routes.IsKnown)
            {
                console.WriteLine($"routes are not known: {HumanText.Safe(routes.Remark)}");
                return;
            }

            WriteRoutes(console, routes.Value);
        }

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            Wire.WriteMember(writer, "interfaces", json => GuestNetworkInterfaceCodec.WriteList(json, interfaces));
            if (routes is not null)
            {
                Wire.WriteMember(writer, "routes", routes, GuestNetworkRouteCodec.WriteList);
            }

            writer.WriteEndObject();
        }

        private static void WriteRoutes(IAnsiConsole console, IReadOnlyList<GuestNetworkRoute> routes)
        {
            Table table = Terminal.Table("Destination", "Gateway", "Interface", ">Metric");
            foreach (GuestNetworkRoute route in routes)
            {
                table.AddCells(
                    $"{route.Destination}{Length(route)}",
                    route.Gateway ?? route.Nexthop ?? "-",
                    route.Iface,
                    route.Metric.ToString(CultureInfo.InvariantCulture));
            }

            console.WriteTable(table);
        }

        private static string Length(GuestNetworkRoute route) =>
            route.Desprefixlen is { } length ? $"/{length}" : route.Mask is { } mask ? $" mask {mask}" : "";

        private static string[] Counters(GuestNetworkInterfaceStat? statistics) => statistics is null
            ? ["-", "-", "-", "-", "-", "-", "-", "-"]
            :
            [
                HumanText.Size(statistics.RxBytes), Text(statistics.RxPackets), Text(statistics.RxErrs), Text(statistics.RxDropped),
                HumanText.Size(statistics.TxBytes), Text(statistics.TxPackets), Text(statistics.TxErrs), Text(statistics.TxDropped),
            ];

        private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
