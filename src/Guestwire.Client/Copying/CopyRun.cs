using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Guestwire.Client.Files;
using Guestwire.Protocol;

namespace Guestwire.Client.Copying;

/// <summary>One copy: what there is to copy is found by one task, and copied by several.</summary>
internal sealed class CopyRun(CopySide from, CopySide to, GuestCopyOptions options, CancellationToken cancellation)
{
    /// <summary>Files known and not begun: enough for a total at once of most trees, and some tens of megabytes at the most.</summary>
    private const int MaxAhead = 64 * 1024;

    /// <summary>Files on their way at once, where an end does not say how many are useful.</summary>
    private const int MaxParallel = 16;

    private readonly CopyTally _tally = new(options.Progress);

    /// <summary>Directories that are there, and what else gets its times at the end.</summary>
    private readonly List<CopyItem> _unfinished = [];

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private ExceptionDispatchInfo? _fatal;

    /// <summary>Copies.</summary>
    internal async Task<GuestCopyResult> RunAsync(string source, string target)
    {
        using (_stop)
        {
            CopyItem top = await ResolveAsync(source, target).ConfigureAwait(false);
            using ItemCopier copier = new(from, to, options, _tally, _stop.Token);
            if (top.Status.Type == GuestwireFileType.Directory)
            {
                await CopyTreeAsync(top, copier).ConfigureAwait(false);
            }
            else if (IsCopied(top))
            {
                _tally.Expect(top);
                _tally.ExpectNoMore();
                await GuardAsync(() => CopyOneAsync(top, copier)).ConfigureAwait(false);
            }

            _fatal?.Throw();
            cancellation.ThrowIfCancellationRequested();
            return _tally.Finish();
        }
    }

    /// <summary>Finds out what is meant, by the rules of cp.</summary>
    private async Task<CopyItem> ResolveAsync(string source, string target)
    {
        string path = CopyPath.Trim(source);
        bool mustBeDirectory = source.EndsWith('/');
        bool follows = !options.Recursive || mustBeDirectory;
        GuestwireFileStatus status = await from.StatAsync(path, follows, cancellation).ConfigureAwait(false)
            ?? throw new FileNotFoundException($"{source}: No such file or directory", source);
        bool isDirectory = status.Type == GuestwireFileType.Directory;
        if (isDirectory && !options.Recursive)
        {
            throw new IOException($"{source} is a directory, and the copy is not recursive");
        }

        if (mustBeDirectory && !isDirectory)
        {
            throw new IOException($"{source}: Not a directory");
        }

        return new CopyItem(path, await ResolveTargetAsync(CopyPath.NameOf(source), isDirectory, target).ConfigureAwait(false), status);
    }

    private async Task<string> ResolveTargetAsync(string name, bool isDirectory, string target)
    {
        string path = CopyPath.Trim(target);
        GuestwireFileStatus? there = await to.StatAsync(path, follow: true, cancellation).ConfigureAwait(false);
        if (there?.Type == GuestwireFileType.Directory)
        {
            return name.Length == 0 ? path : CopyPath.Join(path, name);
        }

        if (there is not null && (isDirectory || target.EndsWith('/')))
        {
            throw new IOException($"{target}: Not a directory");
        }

        if (there is null && ((target.EndsWith('/') && !isDirectory) || !await IsDirectoryAsync(CopyPath.FolderOf(path)).ConfigureAwait(false)))
        {
            throw new IOException($"{target}: No such directory");
        }

        return path;
    }

    private async Task<bool> IsDirectoryAsync(string path) =>
        (await to.StatAsync(path, follow: true, cancellation).ConfigureAwait(false))?.Type == GuestwireFileType.Directory;

    private async Task CopyTreeAsync(CopyItem top, ItemCopier copier)
    {
        Channel<CopyItem> items = Channel.CreateBounded<CopyItem>(MaxAhead);
        int parallel = Math.Min(MaxParallel, Math.Min(from.MaxParallel, to.MaxParallel));
        Task[] workers = [.. Enumerable.Range(0, parallel).Select(worker => Task.Run(() => GuardAsync(() => WorkAsync(items.Reader, copier))))];
        await GuardAsync(() => WalkAsync(top, items.Writer, copier)).ConfigureAwait(false);
        items.Writer.Complete();
        await Task.WhenAll(workers).ConfigureAwait(false);
        if (_fatal is null)
        {
            // Also of what was cancelled: what is there is as it should be.
            await GuardAsync(() => FinishDirectoriesAsync(top)).ConfigureAwait(false);
        }
    }

    private async Task WorkAsync(ChannelReader<CopyItem> items, ItemCopier copier)
    {
        await foreach (CopyItem item in items.ReadAllAsync(_stop.Token).ConfigureAwait(false))
        {
            await CopyOneAsync(item, copier).ConfigureAwait(false);
        }
    }

    /// <summary>Copies something and takes note of what goes wrong.</summary>
    /// <returns>Whether it is there.</returns>
    private async Task<bool> CopyOneAsync(CopyItem item, ItemCopier copier)
    {
        try
        {
            await copier.CopyAsync(item).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (IsOrdinary(exception))
        {
            await FailAsync(item.Source, exception).ConfigureAwait(false);
            return false;
        }
    }

    private async Task WalkAsync(CopyItem top, ChannelWriter<CopyItem> items, ItemCopier copier)
    {
        await from.ExpectTreeAsync(top.Source, _stop.Token).ConfigureAwait(false);
        TreeCarrier? carrier = options.Verifies
            ? null
            : await TarCarriers.ChooseAsync(from, to, top, copier, options, _tally, item => CopyOneAsync(item, copier), _stop.Token).ConfigureAwait(false);
        List<CopyItem> later = [];
        Stack<CopyItem> open = new([top]);
        try
        {
            while (open.TryPop(out CopyItem? directory))
            {
                _stop.Token.ThrowIfCancellationRequested();
                bool isCarried = carrier is not null && carrier.Takes(directory) && await carrier.AddAsync(directory).ConfigureAwait(false);
                if (!isCarried && !await CopyOneAsync(directory, copier).ConfigureAwait(false))
                {
                    continue;
                }

                _unfinished.Add(directory);
                foreach (CopyItem item in await ListAsync(directory).ConfigureAwait(false))
                {
                    if (item.Status.Type == GuestwireFileType.Directory)
                    {
                        open.Push(item);
                        continue;
                    }

                    _tally.Expect(item);
                    if (carrier is not null && carrier.Takes(item) && await carrier.AddAsync(item).ConfigureAwait(false))
                    {
                        if (item.Status.Type == GuestwireFileType.Symlink && carrier.LosesTimesOfLinks)
                        {
                            _unfinished.Add(item);
                        }
                    }
                    else if (carrier?.TakesDirectories ?? false)
                    {
                        later.Add(item);
                    }
                    else
                    {
                        await items.WriteAsync(item, _stop.Token).ConfigureAwait(false);
                    }
                }
            }

            _tally.ExpectNoMore();
            await (carrier?.FinishAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        }
        finally
        {
            if (carrier is not null)
            {
                await carrier.DisposeAsync().ConfigureAwait(false);
            }
        }

        foreach (CopyItem item in later)
        {
            await items.WriteAsync(item, _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task<IEnumerable<CopyItem>> ListAsync(CopyItem directory)
    {
        try
        {
            FolderListing listing = await from.ListAsync(directory.Source, _stop.Token).ConfigureAwait(false);
            if (listing.Undecodable > 0)
            {
                _tally.Skip(directory.Source, $"{listing.Undecodable} files have names that are not UTF-8");
            }

            return listing.Entries.Select(entry => new CopyItem(
                CopyPath.Join(directory.Source, entry.Name), CopyPath.Join(directory.Target, entry.Name), entry.Status)).Where(IsCopied);
        }
        catch (Exception exception) when (IsOrdinary(exception))
        {
            await FailAsync(directory.Source, exception).ConfigureAwait(false);
            return [];
        }
    }

    private bool IsCopied(CopyItem item)
    {
        string? kind = item.Status.Type switch
        {
            GuestwireFileType.BlockDevice or GuestwireFileType.CharacterDevice => "a device",
            GuestwireFileType.Fifo => "a named pipe",
            GuestwireFileType.Socket => "a socket",
            GuestwireFileType.Unknown => "of an unknown kind",
            _ => null,
        };
        if (kind is not null)
        {
            _tally.Skip(item.Source, $"it is {kind}");
        }

        return kind is null;
    }

    /// <summary>Directories get their modes and times when nothing goes into them any more: those within others first.</summary>
    private async Task FinishDirectoriesAsync(CopyItem top)
    {
        _unfinished.Reverse();
        try
        {
            await to.SetManyAttributesAsync(
                [.. _unfinished.Select(item => (item.Target, item.AttributesFor(options.KeepsOwners)))]).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOrdinary(exception))
        {
            await FailAsync(top.Source, exception).ConfigureAwait(false);
        }
    }

    /// <summary>Takes note of an error, or ends it all: when a guest is gone, the rest would fail as well, one by one.</summary>
    private async Task FailAsync(string source, Exception exception)
    {
        if (exception is IOException or TimeoutException)
        {
            await from.ProveAliveAsync().ConfigureAwait(false);
            await to.ProveAliveAsync().ConfigureAwait(false);
        }

        _tally.Fail(source, exception);
        if (options.StopsAtFirstError)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Runs a part of the copy. What it cannot go on with ends the whole.</summary>
    private async Task GuardAsync(Func<Task> part)
    {
        try
        {
            await part().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Everybody stops.
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _fatal, ExceptionDispatchInfo.Capture(exception), null);
            await _stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private static bool IsOrdinary(Exception exception) =>
        exception is QapiException or IOException or UnauthorizedAccessException or TimeoutException;
}
