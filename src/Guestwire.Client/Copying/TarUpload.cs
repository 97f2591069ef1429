using System.Formats.Tar;
using Guestwire.Client.Files;
using Guestwire.Protocol;

namespace Guestwire.Client.Copying;

/// <summary>
/// Brings small files, links and directories into a guest as archives, that its own tar unpacks. What did not get there this way goes by itself, and
/// whatever is wrong with it shows then.
/// </summary>
/// <param name="root">The directory in the guest that all of it goes into.</param>
/// <param name="alone">Copies something by itself.</param>
internal sealed class TarUpload(
    CopySide from,
    GuestSide to,
    GuestTar tar,
    string root,
    GuestCopyOptions options,
    CopyTally tally,
    Func<CopyItem, Task<bool>> alone,
    CancellationToken cancellation) : TreeCarrier
{
    private readonly List<CopyItem> _items = [];
    private string? _place;
    private GuestFileStream? _stream;
    private TarWriter? _archive;
    private long _bytes;

    /// <inheritdoc/>
    internal override bool TakesDirectories => true;

    /// <inheritdoc/>
    internal override bool LosesTimesOfLinks => tar.IsPlain;

    /// <inheritdoc/>
    internal override bool Takes(CopyItem item) => item.IsSmall || item.Status.Type is GuestwireFileType.Symlink or GuestwireFileType.Directory;

    /// <inheritdoc/>
    internal override async Task<bool> AddAsync(CopyItem item)
    {
        if (item.Target == root)
        {
            // It is there already.
            tally.AddDirectory();
            return true;
        }

        tally.Begin(item);
        using FileContent content = await ReadAsync(item).ConfigureAwait(false);
        if (content.IsMissing || (item.HasHoles && content.HasZeroBlocks))
        {
            // An archive that tells of holes is not for every tar.
            return false;
        }

        TarEntry entry = EntryOf(item, content.Stream);
        try
        {
            TarWriter archive = _archive ?? await BeginAsync().ConfigureAwait(false);
            await archive.WriteEntryAsync(entry, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is QapiException or IOException or ArgumentException or NotSupportedException)
        {
            // The archive is no good any more.
            _items.Add(item);
            await CloseAsync().ConfigureAwait(false);
            await FallBackAsync().ConfigureAwait(false);
            return true;
        }

        _items.Add(item);
        _bytes += content.Count;
        tally.AddBytes(content.Count);
        if (_items.Count >= TarCarriers.MaxItems || _bytes >= TarCarriers.MaxBytes)
        {
            await FinishAsync().ConfigureAwait(false);
        }

        return true;
    }

    /// <inheritdoc/>
    internal override async Task FinishAsync()
    {
        if (_archive is null)
        {
            return;
        }

        if (!await CloseAsync().ConfigureAwait(false)
            || (await tar.UnpackAsync(_place!, root, options.KeepsOwners, cancellation).ConfigureAwait(false)).Exit.Status != 0)
        {
            await FallBackAsync().ConfigureAwait(false);
            return;
        }

        foreach (CopyItem item in _items)
        {
            switch (item.Status.Type)
            {
                case GuestwireFileType.Directory:
                    tally.AddDirectory();
                    break;
                case GuestwireFileType.Symlink:
                    tally.AddLink();
                    break;
                default:
                    tally.AddFile(item.Status.SizeBytes);
                    break;
            }
        }

        await LeaveAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        await LeaveAsync().ConfigureAwait(false);
    }

    private async Task<TarWriter> BeginAsync()
    {
        string place = CopyPath.Unique(root);
        await tar.MakePlaceAsync(place, cancellation).ConfigureAwait(false);
        _place = place;
        _stream = await to.Client.OpenFileAsync(CopyPath.Join(place, "a.tar"), "w", CancellationToken.None).ConfigureAwait(false);
        return _archive = new TarWriter(_stream, TarEntryFormat.Pax, leaveOpen: true);
    }

    /// <returns>Whether the archive is whole in the guest.</returns>
    private async Task<bool> CloseAsync()
    {
        bool isWhole = true;
        try
        {
            if (_archive is { } archive)
            {
                await archive.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is QapiException or IOException or TimeoutException)
        {
            isWhole = false;
        }

        try
        {
            if (_stream is { } stream)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is QapiException or IOException or TimeoutException)
        {
            isWhole = false;
        }

        _archive = null;
        _stream = null;
        return isWhole;
    }

    private async Task FallBackAsync()
    {
        CopyItem[] items = [.. _items];
        tally.AddBytes(-_bytes);
        await LeaveAsync().ConfigureAwait(false);
        foreach (CopyItem item in items)
        {
            await alone(item).ConfigureAwait(false);
        }
    }

    private async Task LeaveAsync()
    {
        _items.Clear();
        _bytes = 0;
        if (_place is { } place)
        {
            _place = null;
            try
            {
                await tar.RemovePlaceAsync(place).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is QapiException or IOException or TimeoutException)
            {
                // The next call shows whether the guest is still there.
            }
        }
    }

    private async Task<FileContent> ReadAsync(CopyItem item)
    {
        if (item.Status.Type != GuestwireFileType.Regular)
        {
            return new FileContent(null, IsMissing: item.Status.Type == GuestwireFileType.Symlink && item.Status.Target is null);
        }

        try
        {
            FileChunk? chunk = await from.ReadSmallAsync(item.Source, (int)item.Status.SizeBytes).ConfigureAwait(false);
            return new FileContent(chunk, IsMissing: chunk is null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new FileContent(null, IsMissing: true);
        }
    }

    private TarEntry EntryOf(CopyItem item, Stream? content)
    {
        TarEntryType type = item.Status.Type switch
        {
            GuestwireFileType.Directory => TarEntryType.Directory,
            GuestwireFileType.Symlink => TarEntryType.SymbolicLink,
            _ => TarEntryType.RegularFile,
        };
        string name = item.Target[(CopyPath.Join(root, "").Length)..];
        PosixTarEntry entry = tar.IsPlain ? new GnuTarEntry(type, name) : new PaxTarEntry(type, name);

        // A time of .NET has tenths of microseconds.
        entry.ModificationTime = DateTimeOffset.UnixEpoch.AddTicks(item.Status.ModifiedNs / TimeSpan.NanosecondsPerTick);
        entry.Mode = (UnixFileMode)(item.AttributesFor(options.KeepsOwners).Mode ?? 0x1FF);
        if (options.KeepsOwners)
        {
            entry.Uid = (int)item.Status.UserId;
            entry.Gid = (int)item.Status.GroupId;
        }

        if (type == TarEntryType.SymbolicLink)
        {
            entry.LinkName = item.Status.Target!;
        }
        else if (content is not null)
        {
            entry.DataStream = content;
        }

        return entry;
    }

    /// <summary>What goes into the archive behind a header.</summary>
    private readonly record struct FileContent(FileChunk? Chunk, bool IsMissing) : IDisposable
    {
        internal bool HasZeroBlocks => Chunk is { } chunk && ZeroBlocks.Has(chunk.Buffer.AsSpan(0, chunk.Count));

        internal int Count => Chunk?.Count ?? 0;

        internal Stream? Stream => Chunk is { } chunk ? new MemoryStream(chunk.Buffer, 0, chunk.Count, writable: false) : null;

        public void Dispose() => Chunk?.Return();
    }
}
