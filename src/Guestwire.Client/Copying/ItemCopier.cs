using System.Buffers;
using Guestwire.Client.Files;
using Guestwire.Protocol;

namespace Guestwire.Client.Copying;

/// <summary>Copies one file, link or directory.</summary>
internal sealed class ItemCopier(CopySide from, CopySide to, GuestCopyOptions options, CopyTally tally, CancellationToken cancellation) : IDisposable
{
    /// <summary>Large files that go at once: one fills the wire, the other one its gaps.</summary>
    private readonly SemaphoreSlim _large = new(2);

    /// <summary>Copies it.</summary>
    internal async Task CopyAsync(CopyItem item)
    {
        cancellation.ThrowIfCancellationRequested();
        switch (item.Status.Type)
        {
            case GuestwireFileType.Directory:
                await to.MakeDirectoryAsync(item.Target).ConfigureAwait(false);
                tally.AddDirectory();
                break;
            case GuestwireFileType.Symlink:
                await CopyLinkAsync(item).ConfigureAwait(false);
                tally.AddLink();
                break;
            default:
                long sizeBytes = await CopyFileAsync(item).ConfigureAwait(false);
                tally.AddFile(sizeBytes);
                break;
        }
    }

    /// <summary>Gives a file that is whole its attributes and its name, or removes it.</summary>
    internal async Task PlaceAsync(string partial, CopyItem item, long? sizeBytes = null)
    {
        try
        {
            GuestFileAttributes attributes = item.AttributesFor(options.KeepsOwners) with { SizeBytes = sizeBytes };
            await to.PlaceAsync(partial, item.Target, attributes).ConfigureAwait(false);
        }
        catch
        {
            await RemoveQuietlyAsync(partial).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Writes content that is at hand.</summary>
    internal async Task WriteSmallAsync(CopyItem item, ReadOnlyMemory<byte> content)
    {
        string partial = CopyPath.PartialOf(item.Target, item.Status);
        bool endsInHole = false;
        try
        {
            if (item.HasHoles && ZeroBlocks.Has(content.Span))
            {
                endsInHole = await WriteWithHolesAsync(partial, content).ConfigureAwait(false);
            }
            else
            {
                await to.WriteSmallAsync(partial, content).ConfigureAwait(false);
            }

            await VerifyAsync(item, partial, content.Length, endsInHole).ConfigureAwait(false);
        }
        catch
        {
            await RemoveQuietlyAsync(partial).ConfigureAwait(false);
            throw;
        }

        await PlaceAsync(partial, item, endsInHole ? content.Length : null).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _large.Dispose();

    private async Task CopyLinkAsync(CopyItem item)
    {
        string partial = CopyPath.PartialOf(item.Target, item.Status);
        string target = item.Status.Target ?? throw new IOException($"where the link {item.Source} leads cannot be told");
        await to.LinkAsync(partial, target).ConfigureAwait(false);
        await PlaceAsync(partial, item).ConfigureAwait(false);
    }

    private async Task<long> CopyFileAsync(CopyItem item)
    {
        tally.Begin(item);
        if (item.IsSmall && await from.ReadSmallAsync(item.Source, (int)item.Status.SizeBytes).ConfigureAwait(false) is { } chunk)
        {
            try
            {
                await WriteSmallAsync(item, chunk.Buffer.AsMemory(0, chunk.Count)).ConfigureAwait(false);
                tally.AddBytes(chunk.Count);
                return chunk.Count;
            }
            finally
            {
                chunk.Return();
            }
        }

        await _large.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await CopyLargeAsync(item).ConfigureAwait(false);
        }
        finally
        {
            _large.Release();
        }
    }

    private async Task<long> CopyLargeAsync(CopyItem item)
    {
        string partial = CopyPath.PartialOf(item.Target, item.Status);
        bool isWrong = false;
        long length;
        bool endsInHole;
        try
        {
            long position = options.Resumes ? await FindPartAsync(item, partial).ConfigureAwait(false) : 0;
            (length, endsInHole) = await CopyContentAsync(item, partial, position).ConfigureAwait(false);
            isWrong = true;
            await VerifyAsync(item, partial, length, endsInHole).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Somebody who had enough while checksums were compared finds all of it there the next time.
            if ((isWrong && exception is not OperationCanceledException) || !options.Resumes)
            {
                await RemoveQuietlyAsync(partial).ConfigureAwait(false);
            }

            throw;
        }

        await PlaceAsync(partial, item, endsInHole ? length : null).ConfigureAwait(false);
        return length;
    }

    /// <summary>Copies from a position on.</summary>
    /// <returns>The file's length, and whether its end is a hole, which is there when the file gets its length.</returns>
    private async Task<(long Length, bool EndsInHole)> CopyContentAsync(CopyItem item, string partial, long position)
    {
        CopySource source = await from.OpenAsync(item.Source, position).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            CopyTarget target = await to.CreateAsync(partial, position).ConfigureAwait(false);
            await using (target.ConfigureAwait(false))
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSizes.Largest);
                try
                {
                    (long, bool) end = item.HasHoles
                        ? await CopyWithHolesAsync(source, target, position, buffer).ConfigureAwait(false)
                        : (await CopyPlainAsync(source, target, position, buffer).ConfigureAwait(false), false);
                    await target.CompleteAsync().ConfigureAwait(false);
                    return end;
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
    }

    private async Task<long> CopyPlainAsync(CopySource source, CopyTarget target, long position, byte[] buffer)
    {
        int count;
        while ((count = await source.ReadAsync(buffer.AsMemory(0, ChunkSizes.Largest)).ConfigureAwait(false)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            await target.WriteAsync(buffer.AsMemory(0, count)).ConfigureAwait(false);
            position += count;
            tally.AddBytes(count);
        }

        return position;
    }

    private async Task<(long Length, bool EndsInHole)> CopyWithHolesAsync(CopySource source, CopyTarget target, long position, byte[] buffer)
    {
        bool endsInHole = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (source.SkipHole() is long hole and > 0)
            {
                await target.SkipAsync(hole).ConfigureAwait(false);
                position += hole;
                tally.AddBytes(hole);
                endsInHole = true;
            }

            // Up to a block's end, so that blocks here are blocks of the file.
            int wanted = ChunkSizes.Largest - (int)(position % ZeroBlocks.BlockBytes);
            int count = await source.ReadAsync(buffer.AsMemory(0, wanted)).ConfigureAwait(false);
            if (count == 0)
            {
                return (position, endsInHole);
            }

            endsInHole = await WriteRunsAsync(target, buffer.AsMemory(0, count)).ConfigureAwait(false);
            position += count;
            tally.AddBytes(count);
        }
    }

    private async Task<bool> WriteWithHolesAsync(string partial, ReadOnlyMemory<byte> content)
    {
        CopyTarget target = await to.CreateAsync(partial, 0).ConfigureAwait(false);
        await using (target.ConfigureAwait(false))
        {
            bool endsInHole = await WriteRunsAsync(target, content).ConfigureAwait(false);
            await target.CompleteAsync().ConfigureAwait(false);
            return endsInHole;
        }
    }

    /// <summary>Writes what is not zeros.</summary>
    /// <returns>Whether zeros come last.</returns>
    private static async Task<bool> WriteRunsAsync(CopyTarget target, ReadOnlyMemory<byte> content)
    {
        bool isZero = false;
        while (!content.IsEmpty)
        {
            int length = ZeroBlocks.NextRun(content.Span, out isZero);
            if (isZero)
            {
                await target.SkipAsync(length).ConfigureAwait(false);
            }
            else
            {
                await target.WriteAsync(content[..length]).ConfigureAwait(false);
            }

            content = content[length..];
        }

        return isZero;
    }

    /// <summary>How much of a file an earlier attempt has copied.</summary>
    private async Task<long> FindPartAsync(CopyItem item, string partial)
    {
        GuestwireFileStatus? part = await to.StatAsync(partial, follow: false, cancellation).ConfigureAwait(false);
        if (part is null || part.Type != GuestwireFileType.Regular || part.SizeBytes == 0 || part.SizeBytes > item.Status.SizeBytes
            || !await to.IsOwnAsync(partial, part).ConfigureAwait(false)
            || !await IsSameAsync(item.Source, partial, part.SizeBytes).ConfigureAwait(false))
        {
            return 0;
        }

        tally.AddResumed(part.SizeBytes);
        return part.SizeBytes;
    }

    /// <summary>Compares both ends, when it is wanted.</summary>
    /// <param name="endsInHole">Whether the copy has not got its length yet.</param>
    private async Task VerifyAsync(CopyItem item, string partial, long length, bool endsInHole)
    {
        if (!options.Verifies)
        {
            return;
        }

        if (endsInHole)
        {
            await to.SetManyAttributesAsync([(partial, new GuestFileAttributes { SizeBytes = length })]).ConfigureAwait(false);
        }

        if (!await IsSameAsync(item.Source, partial, length).ConfigureAwait(false))
        {
            throw new IOException($"the copy of {item.Source} is not the same: it has changed meanwhile, or was damaged on its way");
        }
    }

    private async Task<bool> IsSameAsync(string source, string partial, long count)
    {
        long most = Math.Min(from.ChecksumBytes, to.ChecksumBytes);
        for (long offset = 0; offset < count;)
        {
            long length = Math.Min(most, count - offset);
            Task<GuestwireFileChecksum> one = from.ChecksumAsync(source, offset, length, cancellation);
            Task<GuestwireFileChecksum> other = to.ChecksumAsync(partial, offset, length, cancellation);
            await Task.WhenAll(one, other).ConfigureAwait(false);
            if (await one.ConfigureAwait(false) != await other.ConfigureAwait(false))
            {
                return false;
            }

            offset += length;
        }

        return true;
    }

    private async Task RemoveQuietlyAsync(string partial)
    {
        try
        {
            await to.RemoveAsync(partial).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is QapiException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            // It may not even be there; what went wrong before will be told.
        }
    }
}
