using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Cli.Paths;
using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Verbs;

/// <summary>Tells what filesystems of guests know of files.</summary>
internal sealed class StatVerb : PathVerb
{
    private readonly Option<bool> _follow = new("--dereference", "-L") { Description = "of a symbolic link, what it leads to" };
    private readonly Option<bool> _checksum = new("--checksum") { Description = "also SHA-256 of the content, computed in the guest" };

    /// <inheritdoc/>
    internal override string Name => "stat";

    /// <inheritdoc/>
    internal override string Summary => "Tell what a guest knows of a file: type, size, permissions, owner, times";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire stat web1:/etc/passwd", "prints all that is known of the file"),
        ("guestwire stat --checksum --json web1:/boot/vmlinuz", "as JSON, with SHA-256 of the content"),
    ];

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        command.Options.Add(_follow);
        command.Options.Add(_checksum);
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(GuestPath path, GuestPaths guests, ParseResult parsed, CancellationToken cancellation)
    {
        GuestFiles files = await guests.FilesOfAsync(path, cancellation).ConfigureAwait(false);
        GuestwireFileStatus status = await files.StatAsync(path.Path, parsed.GetValue(_follow), cancellation).ConfigureAwait(false)
            ?? throw path.Missing();
        GuestwireFileChecksum? checksum = parsed.GetValue(_checksum)
            ? await files.ChecksumAsync(path.Path, cancellation: cancellation).ConfigureAwait(false)
            : null;
        Surroundings surroundings = Surroundings.Of(parsed);
        if (parsed.GetValue(Options.Json))
        {
            void Write(Utf8JsonWriter writer)
            {
                writer.WriteStartObject();
                writer.WriteString("path", path.Path);
                writer.WritePropertyName("status");
                Wire.Write(writer, wire => GuestwireFileStatusCodec.Write(wire, status));
                if (checksum is not null)
                {
                    writer.WriteString("sha256", checksum.Sha256);
                }

                writer.WriteEndObject();
            }

            surroundings.WriteJson(Write, surroundings.IsOutputTerminal);
            return ExitCode.Done;
        }

        string target = status.Target is { } leads ? $" -> {leads}" : "";
        string[] lines =
        [
            $"    file  {path.Path}{target}",
            $"    type  {GuestwireFileTypeCodec.WireName(status.Type)}",
            $"    size  {status.SizeBytes} bytes, {status.AllocatedBytes} on disk",
            $"    mode  {FileText.OctalOf(status.Mode)} {FileText.ModeOf(status)}",
            $"   owner  {status.User ?? "?"} ({status.UserId}), group {status.Group ?? "?"} ({status.GroupId})",
            $"   links  {status.Links}, inode {status.Inode} on device {status.Device}",
            $"modified  {FileText.ExactTimeOf(status.ModifiedNs)}",
            $" changed  {FileText.ExactTimeOf(status.ChangedNs)}",
            $"accessed  {FileText.ExactTimeOf(status.AccessedNs)}",
            .. checksum is null ? Array.Empty<string>() : [$"  sha256  {checksum.Sha256}"],
        ];
        foreach (string line in lines)
        {
            await surroundings.Output.WriteLineAsync(HumanText.Safe(line)).ConfigureAwait(false);
        }

        return ExitCode.Done;
    }
}
