using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Cli.Paths;
using Guestwire.Client;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Lists directories of guests.</summary>
internal sealed class LsVerb : PathVerb
{
    private readonly Option<bool> _long = new("--long", "-l") { Description = "permissions, owner, size and time of each" };
    private readonly Option<bool> _all = new("--all", "-a") { Description = "also names that begin with a dot" };
    private readonly Option<bool> _directory = new("--directory", "-d") { Description = "the directory itself, not what is in it" };

    /// <inheritdoc/>
    internal override string Name => "ls";

    /// <inheritdoc/>
    internal override string Summary => "List directories of guests";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire ls web1:/etc", "lists the names in /etc"),
        ("guestwire ls -l web1:/var/log", "with permissions, owners, sizes and times"),
    ];

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        command.Options.Add(_long);
        command.Options.Add(_all);
        command.Options.Add(_directory);
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(GuestPath path, GuestPaths guests, ParseResult parsed, CancellationToken cancellation)
    {
        GuestFiles files = await guests.FilesOfAsync(path, cancellation).ConfigureAwait(false);
        GuestwireFileStatus status = await files.StatAsync(path.Path, cancellation: cancellation).ConfigureAwait(false)
            ?? await files.StatAsync(path.Path, follow: false, cancellation).ConfigureAwait(false)
            ?? throw path.Missing();
        IReadOnlyList<GuestwireDirectoryEntry> entries = status.Type == GuestwireFileType.Directory && !parsed.GetValue(_directory)
            ? await files.ListAsync(path.Path, cancellation).ConfigureAwait(false)
            : [new GuestwireDirectoryEntry { Name = path.Path, Status = status }];
        bool isHiddenShown = parsed.GetValue(_all) || parsed.GetValue(_directory);
        GuestwireDirectoryEntry[] shown = [.. entries.Where(entry => isHiddenShown || !entry.Name.StartsWith('.'))];
        Surroundings surroundings = Surroundings.Of(parsed);
        if (parsed.GetValue(Options.Json))
        {
            surroundings.WriteJson(writer => WriteJson(writer, entries), surroundings.IsOutputTerminal);
        }
        else if (parsed.GetValue(_long))
        {
            WriteLong(surroundings.OpenConsole(), shown);
        }
        else
        {
            foreach (GuestwireDirectoryEntry entry in shown)
            {
                string name = surroundings.IsOutputTerminal ? HumanText.Safe(entry.Name) : entry.Name;
                await surroundings.Output.WriteLineAsync(name).ConfigureAwait(false);
            }
        }

        return ExitCode.Done;
    }

    private static void WriteJson(Utf8JsonWriter writer, IReadOnlyList<GuestwireDirectoryEntry> entries)
    {
        writer.WriteStartArray();
        foreach (GuestwireDirectoryEntry entry in entries)
        {
            Wire.Write(writer, wire => GuestwireDirectoryEntryCodec.Write(wire, entry));
        }

        writer.WriteEndArray();
    }

    private static void WriteLong(IAnsiConsole console, GuestwireDirectoryEntry[] entries)
    {
        Table table = Terminal.Table("mode", ">links", "owner", "group", ">bytes", "modified", "name").HideHeaders();
        foreach (GuestwireDirectoryEntry entry in entries)
        {
            GuestwireFileStatus status = entry.Status;
            string target = status.Target is { } leads ? $" -> {leads}" : "";
            table.AddCells(
                FileText.ModeOf(status),
                status.Links.ToString(CultureInfo.InvariantCulture),
                status.User ?? status.UserId.ToString(CultureInfo.InvariantCulture),
                status.Group ?? status.GroupId.ToString(CultureInfo.InvariantCulture),
                status.SizeBytes.ToString(CultureInfo.InvariantCulture),
                FileText.TimeOf(status.ModifiedNs),
                entry.Name + target);
        }

        console.WriteTable(table);
    }
}
