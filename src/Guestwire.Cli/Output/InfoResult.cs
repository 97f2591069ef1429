using System.Globalization;
using System.Text.Json;
using Guestwire.Cli.Facts;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Output;

/// <summary>The page about a guest.</summary>
internal sealed class InfoResult(GuestFacts facts) : VerbResult
{
    /// <inheritdoc/>
    internal override void WriteText(IAnsiConsole console)
    {
        Page page = new();
        Add(page, "name", facts.HostName, name => name.HostName);
        Add(page, "system", facts.System, system => system.PrettyName ?? system.Name ?? system.Id ?? "unknown");
        Add(page, "kernel", facts.System, system => $"{system.KernelRelease ?? "unknown"}, {system.Machine ?? "unknown machine"}");
        Add(page, "clock", facts.Clock, Clock);
        Add(page, "load", facts.Load, load => string.Create(CultureInfo.InvariantCulture, $"{load.Load1m:0.00} {load.Load5m:0.00} {load.Load15m:0.00}"));
        Add(page, "processors", facts.Processors, processors => $"{processors.Count(processor => processor.Online)} of {processors.Count} online");
        Add(page, "memory", facts.Memory, Memory);
        Add(page, "network", facts.Interfaces, Interfaces);
        Add(page, "filesystems", facts.Filesystems, Filesystems);
        Add(page, "users", facts.Users, users => string.Join(", ", users.Select(user => user.User).Distinct().DefaultIfEmpty("none")));
        Add(page, "agent", facts.Features, features => Agent(new GuestAgent(features)));
        if (facts.Freeze.IsKnown)
        {
            page.Add("writes", facts.Freeze.Value == GuestFsfreezeStatus.Frozen ? "FROZEN; until they are thawed the agent answers little" : "not frozen");
        }

        page.Add("not known", Remarks().Select(remark => $"{remark.What}: {remark.Why}"));
        page.Write(console);
    }

    /// <inheritdoc/>
    internal override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("agent");
        WriteAgent(writer);
        writer.WriteString("host-name", facts.HostName.Value?.HostName);
        Wire.WriteMember(writer, "osinfo", facts.System, GuestOSInfoCodec.Write);
        Wire.WriteMember(writer, "timezone", facts.Zone, GuestTimezoneCodec.Write);
        writer.WritePropertyName("time");
        if (facts.Clock.IsKnown)
        {
            facts.Clock.Value.WriteJson(writer);
        }
        else
        {
            writer.WriteNullValue();
        }

        Wire.WriteMember(writer, "load", facts.Load, GuestLoadAverageCodec.Write);
        Wire.WriteMember(writer, "vcpus", facts.Processors, GuestLogicalProcessorCodec.WriteList);
        Wire.WriteMember(writer, "memory", facts.Memory, GuestwireMemoryCodec.Write);
        Wire.WriteMember(writer, "network-interfaces", facts.Interfaces, GuestNetworkInterfaceCodec.WriteList);
        Wire.WriteMember(writer, "fsinfo", facts.Filesystems, GuestFilesystemInfoCodec.WriteList);
        Wire.WriteMember(writer, "users", facts.Users, GuestUserCodec.WriteList);
        Wire.WriteMember(writer, "fsfreeze-status", facts.Freeze, GuestFsfreezeStatusCodec.Write);
        writer.WriteStartObject("not-known");
        foreach ((string what, string why) in Remarks())
        {
            writer.WriteString(what, why);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Add<T>(Page page, string name, Answer<T> answer, Func<T, string> text)
        where T : notnull => Add(page, name, answer, value => (string[])[text(value)]);

    private static void Add<T>(Page page, string name, Answer<T> answer, Func<T, IEnumerable<string>> lines)
        where T : notnull
    {
        if (answer.IsKnown)
        {
            page.Add(name, lines(answer.Value));
        }
    }

    private static string Memory(GuestwireMemory memory)
    {
        string text = $"{HumanText.Size(MemoryFigures.UsedBytes(memory))} of {HumanText.Size(memory.TotalBytes)} used";
        return memory.SwapTotalBytes == 0
            ? text
            : $"{text}, swap {HumanText.Size(MemoryFigures.SwapUsedBytes(memory))} of {HumanText.Size(memory.SwapTotalBytes)}";
    }

    private static IEnumerable<string> Interfaces(IReadOnlyList<GuestNetworkInterface> interfaces)
    {
        GuestNetworkInterface[] shown = [.. interfaces.Where(card => card.IpAddresses is { Count: > 0 } && GuestAddresses.Reachable([card]).Any())];
        int width = shown.Select(card => card.Name.Length).DefaultIfEmpty().Max();
        return shown.Select(card => $"{card.Name.PadRight(width)}  {string.Join(", ", card.IpAddresses!.Select(address => $"{address.IpAddress}/{address.Prefix}"))}").DefaultIfEmpty("no address");
    }

    private static IEnumerable<string> Filesystems(IReadOnlyList<GuestFilesystemInfo> filesystems)
    {
        GuestFilesystemInfo[] shown = [.. filesystems.OrderBy(filesystem => filesystem.Mountpoint, StringComparer.Ordinal)];
        int width = shown.Select(filesystem => filesystem.Mountpoint.Length).DefaultIfEmpty().Max();
        return shown.Select(filesystem => $"{filesystem.Mountpoint.PadRight(width)}  {filesystem.Type}{Use(filesystem)}").DefaultIfEmpty("none");
    }

    private static string Use(GuestFilesystemInfo filesystem) => filesystem is { UsedBytes: { } used, TotalBytes: { } total and > 0 }
        ? $", {HumanText.Size(used)} of {HumanText.Size(total)} used, {HumanText.Percent((double)used / total)}"
        : "";

    private static IEnumerable<string> Agent(GuestAgent agent)
    {
        yield return agent.Text;
        if (agent.Disabled.Count > 0)
        {
            yield return $"disabled in the guest: {string.Join(", ", agent.Disabled)}";
        }
    }

    private string Clock(ClockReading clock)
    {
        GuestTimezone? zone = facts.Zone.Value;
        string time = clock.GuestText(TimeSpan.FromSeconds(zone?.Offset ?? 0));
        return $"{time}{(zone?.Zone is { Length: > 0 } name ? $" ({name})" : "")}, {clock.OffsetText}";
    }

    private void WriteAgent(Utf8JsonWriter writer)
    {
        if (!facts.Features.IsKnown)
        {
            writer.WriteNullValue();
            return;
        }

        GuestAgent agent = new(facts.Features.Value);
        writer.WriteStartObject();
        writer.WriteString("kind", agent.Kind);
        writer.WriteString("version", facts.Features.Value.Version);
        writer.WriteStartArray("disabled-commands");
        foreach (string command in agent.Disabled)
        {
            writer.WriteStringValue(command);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private IEnumerable<(string What, string Why)> Remarks() =>
        from remark in ((string What, string? Why)[])
        [
            ("agent", facts.Features.Remark),
            ("host-name", facts.HostName.Remark),
            ("osinfo", facts.System.Remark),
            ("time", facts.Clock.Remark),
            ("timezone", facts.Zone.Remark),
            ("load", facts.Load.Remark),
            ("vcpus", facts.Processors.Remark),
            ("memory", facts.Memory.Remark),
            ("network-interfaces", facts.Interfaces.Remark),
            ("fsinfo", facts.Filesystems.Remark),
            ("users", facts.Users.Remark),
            ("fsfreeze-status", facts.Freeze.Remark),
        ]
        where remark.Why is not null
        select (remark.What, remark.Why);
}
