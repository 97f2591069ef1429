using System.Text;
using Guestwire.Protocol;

namespace Guestwire.Client.Files;

/// <summary>Files of a guest whose agent reaches them itself.</summary>
internal sealed class AgentFiles(GuestClient client) : GuestFiles
{
    /// <summary>How the agent's errors end that mean that there is no such file.</summary>
    private const string NoSuchFile = ": No such file or directory";

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
    public override async Task<IReadOnlyList<GuestwireDirectoryEntry>> ListAsync(string path, CancellationToken cancellation)
    {
        List<(byte[] Key, GuestwireDirectoryEntry Entry)> entries = [];
        long? cursor = null;
        do
        {
            GuestwireDirectoryList part = await client.OrgGuestwireFileListAsync(path, cursor, null, cancellation).ConfigureAwait(false);
            entries.AddRange(part.Entries.Select(entry => (Encoding.UTF8.GetBytes(entry.Name), entry)));
            cursor = part.Cursor;
        }
        while (cursor is not null);
        entries.Sort((left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
        return [.. entries.Select(pair => pair.Entry)];
    }

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
}
