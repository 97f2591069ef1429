using System.CommandLine;
using System.Diagnostics;
using Guestwire.Cli.Paths;
using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Verbs;

/// <summary>Has somebody change a file of a guest in an editor of this host.</summary>
internal sealed class EditVerb : PathVerb
{
    /// <summary>Files beyond this are none to edit by hand; our own limit, in bytes.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Links that lead to links; the kernel's limit. Source: path_resolution(7).</summary>
    private const int MaxLinks = 40;

    /// <inheritdoc/>
    internal override string Name => "edit";

    /// <inheritdoc/>
    internal override string Summary => "Change a file of a guest in an editor of this host";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
        [("guestwire edit web1:/etc/fstab", "opens the file in $VISUAL, $EDITOR or vi and writes it back when it was changed")];

    /// <inheritdoc/>
    internal override string Remarks =>
        "The file is replaced in one step and keeps its permissions and owner. When it has changed in the guest meanwhile, it is left alone, and the "
        + "edited copy stays on this host.";

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(GuestPath path, GuestPaths guests, ParseResult parsed, CancellationToken cancellation)
    {
        TextWriter error = Surroundings.Of(parsed).Error;
        GuestClient guest = await guests.ClientOfAsync(path, cancellation).ConfigureAwait(false);
        GuestFiles files = await guest.GetFilesAsync(cancellation).ConfigureAwait(false);
        GuestwireFileStatus? before = await files.StatAsync(path.Path, cancellation: cancellation).ConfigureAwait(false);
        Check(path, before);
        byte[] content = before is null ? [] : await ReadAsync(guest, path, cancellation).ConfigureAwait(false);

        // Only for its owner: who may read the file in the guest is the guest's business.
        string folder = Directory.CreateTempSubdirectory("guestwire-edit-").FullName;
        string copy = Path.Combine(folder, path.Name);
        bool isDone = false;
        try
        {
            await File.WriteAllBytesAsync(copy, content, cancellation).ConfigureAwait(false);
            await EditAsync(copy, cancellation).ConfigureAwait(false);
            byte[] edited = await File.ReadAllBytesAsync(copy, cancellation).ConfigureAwait(false);
            if (edited.AsSpan().SequenceEqual(content))
            {
                await error.WriteLineAsync($"guestwire: {path} is unchanged").ConfigureAwait(false);
            }
            else
            {
                GuestwireFileStatus? now = await files.StatAsync(path.Path, cancellation: cancellation).ConfigureAwait(false);
                if (now?.ModifiedNs != before?.ModifiedNs || now?.SizeBytes != before?.SizeBytes)
                {
                    throw new QapiException($"{path} has changed in the guest meanwhile and is left as it is");
                }

                await ReplaceAsync(guest, files, path, before, edited, cancellation).ConfigureAwait(false);
            }

            isDone = true;
            return ExitCode.Done;
        }
        finally
        {
            if (isDone)
            {
                Directory.Delete(folder, recursive: true);
            }
            else
            {
                await error.WriteLineAsync($"guestwire: the copy on this host stays: {copy}").ConfigureAwait(false);
            }
        }
    }

    private static void Check(GuestPath path, GuestwireFileStatus? status)
    {
        if (status is not null && status.Type != GuestwireFileType.Regular)
        {
            throw new QapiException($"{path} is no regular file");
        }

        if (status?.SizeBytes > MaxBytes)
        {
            throw new QapiException($"{path} has {status.SizeBytes} bytes; up to {MaxBytes} are edited");
        }
    }

    private static async Task<byte[]> ReadAsync(GuestClient guest, GuestPath path, CancellationToken cancellation)
    {
        GuestFileStream file = await guest.OpenFileAsync(path.Path, "r", cancellation).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            MemoryStream content = new();
            await file.CopyToAsync(content, cancellation).ConfigureAwait(false);
            return content.ToArray();
        }
    }

    private static async Task EditAsync(string copy, CancellationToken cancellation)
    {
        string editor = Environment.GetEnvironmentVariable("VISUAL") is { Length: > 0 } visual ? visual
            : Environment.GetEnvironmentVariable("EDITOR") is { Length: > 0 } plain ? plain
            : "vi";

        // As git does it: the variable may hold options too, so a shell takes it apart.
        ProcessStartInfo start = new("/bin/sh", ["-c", $"{editor} \"$1\"", "sh", copy]);
        using Process process = Process.Start(start) ?? throw new UsageException($"the editor '{editor}' does not start");
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new UsageException($"the editor '{editor}' ended with {process.ExitCode}; the file in the guest is left as it was");
        }
    }

    /// <summary>Writes a new file beside the old one and puts it in its place.</summary>
    private static async Task ReplaceAsync(
        GuestClient guest, GuestFiles files, GuestPath path, GuestwireFileStatus? before, byte[] content, CancellationToken cancellation)
    {
        string place = path.Path;
        for (int links = 0; links < MaxLinks; links++)
        {
            GuestwireFileStatus? status = await files.StatAsync(place, follow: false, cancellation).ConfigureAwait(false);
            if (status is not { Type: GuestwireFileType.Symlink, Target: { } target })
            {
                break;
            }

            // What the link leads to is replaced, not the link.
            place = target.StartsWith('/') ? target : $"{place[..(place.LastIndexOf('/') + 1)]}{target}";
        }

        string beside = $"{place}.guestwire-{Guid.NewGuid():N}";
        try
        {
            long handle = await files.OpenPrivateAsync(beside, cancellation).ConfigureAwait(false);
            GuestFileStream file = new(guest, beside, handle, canRead: false, canWrite: true);
            await using (file.ConfigureAwait(false))
            {
                // Who may read it may do so now.
                await files.SetAttributesAsync(
                    beside,
                    new GuestFileAttributes { Mode = (int)(before?.Mode ?? 0x1A4), User = before?.UserId.ToString(), Group = before?.GroupId.ToString() },
                    cancellation).ConfigureAwait(false);
                await file.WriteAsync(content, cancellation).ConfigureAwait(false);
                await file.FlushAsync(cancellation).ConfigureAwait(false);
            }

            await files.RenameAsync(beside, place, replace: true, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await RemoveAsync(files, beside).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task RemoveAsync(GuestFiles files, string path)
    {
        try
        {
            await files.RemoveAsync(path).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is QapiException or IOException or TimeoutException)
        {
            // What went wrong before is what to hear of.
        }
    }
}
