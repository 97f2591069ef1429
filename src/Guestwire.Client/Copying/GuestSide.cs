using System.Buffers;
using System.Security.Cryptography;
using Guestwire.Client.Files;
using Guestwire.Protocol;

namespace Guestwire.Client.Copying;

/// <summary>The files of a guest.</summary>
internal sealed class GuestSide(GuestClient client, GuestFiles files) : CopySide
{
    private const int DirectoryMode = 0x1C0;

    // Of a guest whose programs list files: all of a tree at once, by the directories in it.
    private Dictionary<string, List<GuestwireDirectoryEntry>>? _tree;
    private long _undecodable;

    /// <summary>The guest's files by their names.</summary>
    internal GuestFiles Files => files;

    /// <summary>Content of the guest's files.</summary>
    internal GuestClient Client => client;

    /// <inheritdoc/>
    internal override int MaxParallel => client.MaxPipelined;

    /// <inheritdoc/>
    internal override long ChecksumBytes => files is ShellFiles ? long.MaxValue : 64 * ChunkSizes.Largest;

    /// <inheritdoc/>
    internal override Task<GuestwireFileStatus?> StatAsync(string path, bool follow, CancellationToken cancellation) =>
        files.StatAsync(path, follow, cancellation);

    /// <inheritdoc/>
    /// <remarks>An agent does not say whose it is: root's, or else of the one whose directory that is.</remarks>
    internal override async Task<bool> IsOwnAsync(string path, GuestwireFileStatus status) =>
        status.UserId == 0
            || (await files.StatAsync(CopyPath.FolderOf(path), follow: true, CancellationToken.None).ConfigureAwait(false))?.UserId == status.UserId;

    /// <inheritdoc/>
    internal override async Task ExpectTreeAsync(string path, CancellationToken cancellation)
    {
        if (files is not ShellFiles shell || await shell.ListTreeAsync(path, cancellation).ConfigureAwait(false) is not { } listing)
        {
            return;
        }

        _undecodable = listing.Undecodable;
        _tree = new Dictionary<string, List<GuestwireDirectoryEntry>>(StringComparer.Ordinal) { [path] = [] };
        foreach (GuestwireDirectoryEntry entry in listing.Entries)
        {
            int slash = entry.Name.LastIndexOf('/');
            string folder = slash < 0 ? path : CopyPath.Join(path, entry.Name[..slash]);
            FolderOf(folder).Add(entry with { Name = entry.Name[(slash + 1)..] });
            if (entry.Status.Type == GuestwireFileType.Directory)
            {
                FolderOf(CopyPath.Join(path, entry.Name));
            }
        }

        List<GuestwireDirectoryEntry> FolderOf(string folder) =>
            _tree.TryGetValue(folder, out List<GuestwireDirectoryEntry>? known) ? known : _tree[folder] = [];
    }

    /// <inheritdoc/>
    internal override async Task<FolderListing> ListAsync(string path, CancellationToken cancellation)
    {
        if (_tree is null || !_tree.Remove(path, out List<GuestwireDirectoryEntry>? entries))
        {
            return await files.ListFolderAsync(path, cancellation).ConfigureAwait(false);
        }

        // Where in the tree they are is not known; they count once.
        FolderListing listing = new(entries, _undecodable);
        _undecodable = 0;
        return listing;
    }

    /// <inheritdoc/>
    internal override async Task<FileChunk?> ReadSmallAsync(string path, int sizeBytes)
    {
        long handle = await client.GuestFileOpenAsync(path, "r").ConfigureAwait(false);
        Task<FileChunk> reading = Task.FromException<FileChunk>(new IOException());
        Task closing;
        try
        {
            // One byte more than there is: then the reply says that the file ends there.
            reading = await client.StartReadAsync(handle, sizeBytes + 1, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            closing = client.GuestFileCloseAsync(handle);
        }

        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await closing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        FileChunk chunk = await reading.ConfigureAwait(false);
        if (chunk.IsLast)
        {
            return chunk;
        }

        chunk.Return();
        return null;
    }

    /// <inheritdoc/>
    internal override async Task WriteSmallAsync(string path, ReadOnlyMemory<byte> content)
    {
        long handle = await files.OpenPrivateAsync(path, CancellationToken.None).ConfigureAwait(false);
        if (content.Length > client.MaxSentBytes)
        {
            // Not in one request on this link.
            GuestFileStream file = new(client, path, handle, canRead: false, canWrite: true);
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(content).ConfigureAwait(false);
            }

            return;
        }

        Task<long> writing = Task.FromResult(0L);
        Task closing;
        try
        {
            if (!content.IsEmpty)
            {
                writing = await client.StartWriteAsync(handle, content, CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            closing = client.GuestFileCloseAsync(handle);
        }

        await ((Task)writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await closing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (await writing.ConfigureAwait(false) != content.Length)
        {
            throw new IOException($"the guest wrote only a part of what was to go into {path}");
        }

        await closing.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    internal override async Task<CopySource> OpenAsync(string path, long position)
    {
        GuestFileStream stream = await client.OpenFileAsync(path, "r").ConfigureAwait(false);
        await SeekAsync(stream, position).ConfigureAwait(false);
        return new GuestSource(stream);
    }

    /// <inheritdoc/>
    internal override async Task<CopyTarget> CreateAsync(string path, long position)
    {
        if (position > 0)
        {
            GuestFileStream part = await client.OpenFileAsync(path, "r+").ConfigureAwait(false);
            await SeekAsync(part, position).ConfigureAwait(false);
            return new GuestTarget(part);
        }

        long handle = await files.OpenPrivateAsync(path, CancellationToken.None).ConfigureAwait(false);
        return new GuestTarget(new GuestFileStream(client, path, handle, canRead: false, canWrite: true));
    }

    /// <inheritdoc/>
    internal override async Task<GuestwireFileChecksum> ChecksumAsync(string path, long offset, long count, CancellationToken cancellation)
    {
        try
        {
            return await files.ChecksumAsync(path, offset, count == long.MaxValue ? null : count, cancellation).ConfigureAwait(false);
        }
        catch (QapiException)
        {
            // The guest has no sha256sum, or may not be asked. Then its bytes come here.
            return await ReadChecksumAsync(path, offset, count, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    internal override Task MakeDirectoryAsync(string path) => files.MakeDirectoryAsync(path, DirectoryMode, parents: true);

    /// <inheritdoc/>
    internal override async Task LinkAsync(string path, string target)
    {
        try
        {
            await files.LinkAsync(path, target).ConfigureAwait(false);
        }
        catch (QapiException)
        {
            // An earlier attempt may have left one.
            await files.RemoveAsync(path).ConfigureAwait(false);
            await files.LinkAsync(path, target).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    internal override Task RemoveAsync(string path) => files.RemoveAsync(path);

    /// <inheritdoc/>
    internal override Task PlaceAsync(string path, string to, GuestFileAttributes attributes) =>
        files.PlaceAsync(path, to, attributes, CancellationToken.None);

    /// <inheritdoc/>
    internal override Task SetManyAttributesAsync(IReadOnlyList<(string Path, GuestFileAttributes Attributes)> changes) =>
        files.SetManyAttributesAsync(changes, CancellationToken.None);

    /// <inheritdoc/>
    internal override Task ProveAliveAsync() => client.GuestPingAsync();

    private static async Task SeekAsync(GuestFileStream stream, long position)
    {
        try
        {
            await stream.SeekAsync(position, SeekOrigin.Begin).ConfigureAwait(false);
        }
        catch
        {
            await CloseQuietlyAsync(stream).ConfigureAwait(false);
            throw;
        }
    }

    private static async ValueTask CloseQuietlyAsync(GuestFileStream stream)
    {
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is QapiException or IOException or TimeoutException)
        {
            // Something went wrong before, and that is what will be told.
        }
    }

    private async Task<GuestwireFileChecksum> ReadChecksumAsync(string path, long offset, long count, CancellationToken cancellation)
    {
        GuestFileStream stream = await client.OpenFileAsync(path, "r", CancellationToken.None).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSizes.Largest);
        try
        {
            await stream.SeekAsync(offset, SeekOrigin.Begin, CancellationToken.None).ConfigureAwait(false);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long done = 0;
            int read;
            while (done < count
                && (read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count - done)), CancellationToken.None).ConfigureAwait(false)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                done += read;
            }

            return new GuestwireFileChecksum { Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()), SizeBytes = done };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await CloseQuietlyAsync(stream).ConfigureAwait(false);
        }
    }

    private sealed class GuestSource(GuestFileStream stream) : CopySource
    {
        /// <inheritdoc/>
        internal override async ValueTask<int> ReadAsync(Memory<byte> buffer) =>
            await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false).ConfigureAwait(false);

        /// <inheritdoc/>
        public override ValueTask DisposeAsync() => CloseQuietlyAsync(stream);
    }

    private sealed class GuestTarget(GuestFileStream stream) : CopyTarget
    {
        /// <inheritdoc/>
        internal override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);

        /// <inheritdoc/>
        internal override ValueTask SkipAsync(long count) => stream.SkipAsync(count);

        /// <inheritdoc/>
        internal override ValueTask CompleteAsync() => stream.DisposeAsync();

        /// <inheritdoc/>
        public override ValueTask DisposeAsync() => CloseQuietlyAsync(stream);
    }
}
