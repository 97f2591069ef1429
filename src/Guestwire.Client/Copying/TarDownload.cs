using System.Buffers;
using System.Formats.Tar;
using System.Text;
using Guestwire.Protocol;

namespace Guestwire.Client.Copying;

/// <summary>
/// Brings small files out of a guest as archives, that its own tar packs. Their content is taken from there, all else is known before. What is not in an
/// archive goes by itself, and whatever is wrong with it shows then.
/// </summary>
/// <param name="root">The directory in the guest that all of it is in.</param>
/// <param name="alone">Copies something by itself.</param>
internal sealed class TarDownload(
    GuestSide from,
    GuestTar tar,
    string root,
    ItemCopier copier,
    CopyTally tally,
    Func<CopyItem, Task<bool>> alone,
    CancellationToken cancellation) : TreeCarrier
{
    private readonly Dictionary<string, CopyItem> _items = new(StringComparer.Ordinal);
    private long _bytes;

    /// <inheritdoc/>
    internal override bool TakesDirectories => false;

    /// <inheritdoc/>
    internal override bool LosesTimesOfLinks => false;

    /// <inheritdoc/>
    internal override bool Takes(CopyItem item) => item.IsSmall && item.Status.SizeBytes > 0 && !item.Source.Contains(tar.Separator, StringComparison.Ordinal);

    /// <inheritdoc/>
    internal override async Task<bool> AddAsync(CopyItem item)
    {
        // With "./" no name looks like an option.
        _items.Add("./" + item.Source[CopyPath.Join(root, "").Length..], item);
        _bytes += item.Status.SizeBytes;
        if (_items.Count >= TarCarriers.MaxItems || _bytes >= TarCarriers.MaxBytes)
        {
            await FinishAsync().ConfigureAwait(false);
        }

        return true;
    }

    /// <inheritdoc/>
    internal override async Task FinishAsync()
    {
        if (_items.Count > 1)
        {
            string? place = null;
            try
            {
                place = await tar.MakePlaceAsync(cancellation).ConfigureAwait(false);
                await PackAsync(place).ConfigureAwait(false);
                await UnpackAsync(place).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is QapiException or IOException or InvalidDataException or FormatException or ArgumentException)
            {
                // Then they go one by one.
            }
            finally
            {
                await LeaveAsync(place).ConfigureAwait(false);
            }
        }

        foreach (CopyItem item in _items.Values)
        {
            await alone(item).ConfigureAwait(false);
        }

        _items.Clear();
        _bytes = 0;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task PackAsync(string place)
    {
        GuestFileStream list = await from.Client.OpenFileAsync(CopyPath.Join(place, "list"), "w", CancellationToken.None).ConfigureAwait(false);
        await using (list.ConfigureAwait(false))
        {
            string names = string.Concat(_items.Keys.Select(name => name + tar.Separator));
            await list.WriteAsync(Encoding.UTF8.GetBytes(names), CancellationToken.None).ConfigureAwait(false);
        }

        // It complains of files that went or changed meanwhile; the others are there.
        await tar.PackAsync(place, root, cancellation).ConfigureAwait(false);
    }

    private async Task UnpackAsync(string place)
    {
        GuestFileStream stream = await from.Client.OpenFileAsync(CopyPath.Join(place, "a.tar"), "r", CancellationToken.None).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            TarReader archive = new(new ForwardStream(stream), leaveOpen: true);
            await using (archive.ConfigureAwait(false))
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyItem.SmallBytes);
                try
                {
                    while (await archive.GetNextEntryAsync(copyData: false, CancellationToken.None).ConfigureAwait(false) is { } entry)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        await TakeAsync(entry, buffer).ConfigureAwait(false);
                    }
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
    }

    private async Task TakeAsync(TarEntry entry, byte[] buffer)
    {
        // A hard link to a file before it has no content here; it goes by itself.
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.Length > buffer.Length
            || !_items.TryGetValue(entry.Name, out CopyItem? item))
        {
            return;
        }

        tally.Begin(item);
        int count = 0;
        if (entry.DataStream is { } content)
        {
            count = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, CancellationToken.None).ConfigureAwait(false);
        }

        try
        {
            await copier.WriteSmallAsync(item, buffer.AsMemory(0, count)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Once more by itself, which tells what is wrong.
            return;
        }

        _items.Remove(entry.Name);
        tally.AddBytes(count);
        tally.AddFile(count);
    }

    private async Task LeaveAsync(string? place)
    {
        try
        {
            await (place is null ? Task.CompletedTask : tar.RemovePlaceAsync(place)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is QapiException or IOException or TimeoutException)
        {
            // The next call shows whether the guest is still there.
        }
    }
}
