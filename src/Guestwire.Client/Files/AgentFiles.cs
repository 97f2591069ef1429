using Guestwire.Client.Copying;
using Guestwire.Protocol;

namespace Guestwire.Client.Files;

/// <summary>Files of a guest whose agent reaches them itself.</summary>
internal sealed class AgentFiles(GuestClient client) : GuestFiles
{
    /// <summary>How the agent's errors end that mean that there is no such file.</summary>
    internal const string NoSuchFile = ": No such file or directory";

    private const int ManyAtOnce = 64;
    private const int PrivateMode = 0x180;
    private const int PrivateDirectoryMode = 0x1C0;

    /// <inheritdoc/>
    public override async Task<GuestwireFileStatus?> StatAsync(string path, bool follow, CancellationToken cancellation)
    {
        try
        {
            return await client.OrgGuestwireFileStatAsync(path, follow, cancellation).ConfigureAwait(false);
        }
        catch (QapiException exception) when (exception.Message.EndsWith(NoSuchFile, StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<GuestwireDirectoryEntry>> ListAsync(string path, CancellationToken cancellation) =>
        (await ListFolderAsync(path, cancellation).ConfigureAwait(false)).InOrder();

    /// <inheritdoc/>
    public override Task MakeDirectoryAsync(string path, int? mode, bool parents, CancellationToken cancellation) =>
        client.OrgGuestwireFileMakeDirectoryAsync(path, mode, parents, cancellation);

    /// <inheritdoc/>
    public override Task RemoveAsync(string path, bool recursive, CancellationToken cancellation) =>
        client.OrgGuestwireFileRemoveAsync(path, recursive, cancellation);

    /// <inheritdoc/>
    public override Task RenameAsync(string path, string to, bool replace, CancellationToken cancellation) =>
        client.OrgGuestwireFileRenameAsync(path, to, replace, cancellation);

    /// <inheritdoc/>
    public override Task SetAttributesAsync(string path, GuestFileAttributes attributes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return client.OrgGuestwireFileSetAttributesAsync(
            path, attributes.Follow, attributes.Mode, attributes.User, attributes.Group, attributes.SizeBytes,
            attributes.ModifiedNs, attributes.AccessedNs, cancellation);
    }

    /// <inheritdoc/>
    public override Task LinkAsync(string path, string target, bool symbolic, CancellationToken cancellation) =>
        client.OrgGuestwireFileLinkAsync(path, target, symbolic, cancellation);

    /// <inheritdoc/>
    public override Task<GuestwireFileChecksum> ChecksumAsync(string path, long offset, long? count, CancellationToken cancellation) =>
        client.OrgGuestwireFileChecksumAsync(path, offset, count, cancellation);

    /// <inheritdoc/>
    internal override async Task<FolderListing> ListFolderAsync(string path, CancellationToken cancellation)
    {
        List<GuestwireDirectoryEntry> entries = [];
        long undecodable = 0;
        long? cursor = null;
        do
        {
            GuestwireDirectoryList part = await client.OrgGuestwireFileListAsync(path, cursor, null, cancellation).ConfigureAwait(false);
            entries.AddRange(part.Entries);
            undecodable += part.Undecodable;
            cursor = part.Cursor;
        }
        while (cursor is not null);
        return new FolderListing(entries, undecodable);
    }

    /// <inheritdoc/>
    internal override async Task SetManyAttributesAsync(
        IReadOnlyList<(string Path, GuestFileAttributes Attributes)> changes, CancellationToken cancellation)
    {
        // All at once: the replies come in their order.
        foreach ((string Path, GuestFileAttributes Attributes)[] part in changes.Chunk(ManyAtOnce))
        {
            await Task.WhenAll(part.Select(change => SetAttributesAsync(change.Path, change.Attributes, cancellation))).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    internal override async Task PlaceAsync(string path, string to, GuestFileAttributes attributes, CancellationToken cancellation)
    {
        await SetAttributesAsync(path, attributes, cancellation).ConfigureAwait(false);
        await RenameAsync(path, to, replace: true, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    internal override async Task MakePrivateAsync(string path, CancellationToken cancellation)
    {
        string place = await MakePrivatePlaceAsync(CopyPath.FolderOf(path), cancellation).ConfigureAwait(false);
        try
        {
            long handle = await OpenPrivateAsync(CopyPath.Join(place, "file"), path).ConfigureAwait(false);
            await client.GuestFileCloseAsync(handle, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            await RemovePlaceAsync(place).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a directory in another one, on its filesystem, that nobody but its owner may enter.</summary>
    internal async Task<string> MakePrivatePlaceAsync(string folder, CancellationToken cancellation)
    {
        string place = CopyPath.Unique(folder);
        await MakeDirectoryAsync(place, PrivateDirectoryMode, parents: false, cancellation).ConfigureAwait(false);
        return place;
    }

    /// <summary>Removes such a directory, and does not mind how that goes.</summary>
    internal async Task RemovePlaceAsync(string place)
    {
        try
        {
            await RemoveAsync(place, recursive: true, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is QapiException or IOException or TimeoutException)
        {
            // Nobody can enter it, and what went wrong before is what to hear of.
        }
    }

    /// <summary>
    /// Opens a file that is made anew, for its owner alone. An agent makes it for everybody, to read and to write, so it comes to be where nobody else looks,
    /// and goes to its place when it has its mode.
    /// </summary>
    /// <param name="first">Its path in a directory that nobody but its owner may enter.</param>
    /// <param name="path">Its path then; may be the same.</param>
    /// <returns>The handle.</returns>
    internal async Task<long> OpenPrivateAsync(string first, string path)
    {
        // In one breath: the agent does them in their order.
        Task<long> opening = client.GuestFileOpenAsync(first, "w", CancellationToken.None);
        Task hiding = SetAttributesAsync(first, new GuestFileAttributes { Mode = PrivateMode }, CancellationToken.None);
        Task moving = first == path ? Task.CompletedTask : RenameAsync(first, path, replace: true, CancellationToken.None);
        await hiding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await moving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        long handle = await opening.ConfigureAwait(false);
        try
        {
            await hiding.ConfigureAwait(false);
            await moving.ConfigureAwait(false);
            return handle;
        }
        catch
        {
            await client.GuestFileCloseAsync(handle, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }
}
