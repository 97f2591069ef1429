using Guestwire.Protocol;

namespace Guestwire.Client.Files;

/// <summary>Files of a guest whose agent reaches them itself.</summary>
internal sealed class AgentFiles(GuestClient client) : GuestFiles
{
    /// <summary>How the agent's errors end that mean that there is no such file.</summary>
    internal const string NoSuchFile = ": No such file or directory";

    private const int ManyAtOnce = 64;
    private const int PrivateMode = 0x180;

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
    internal override async Task<long> OpenPrivateAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await OpenNewAsync(path, cancellation).ConfigureAwait(false);
        }
        catch (QapiException)
        {
            // Of an earlier attempt, or of somebody who would like to read what comes.
            if (await StatAsync(path, follow: false, cancellation).ConfigureAwait(false) is null)
            {
                throw;
            }

            await RemoveAsync(path, recursive: false, cancellation).ConfigureAwait(false);
            return await OpenNewAsync(path, cancellation).ConfigureAwait(false);
        }
    }

    private Task<long> OpenNewAsync(string path, CancellationToken cancellation) =>
        client.GuestFileOpenAsync(path, "w", PrivateMode, exclusive: true, cancellation);
}
