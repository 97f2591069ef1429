using System.Collections.Concurrent;

namespace Guestwire.Client.Copying;

/// <summary>Counts what a copy does, from several threads, and tells of it.</summary>
internal sealed class CopyTally(IProgress<GuestCopyProgress>? progress)
{
    private static readonly long s_reportTicks = TimeProvider.System.TimestampFrequency / 10;

    private readonly ConcurrentQueue<GuestCopyRemark> _skipped = new();
    private readonly ConcurrentQueue<GuestCopyError> _errors = new();
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private long _lastReport;
    private long _files;
    private long _directories;
    private long _links;
    private long _bytes;
    private long _resumedBytes;
    private long _bytesDone;
    private long _bytesTotal;
    private long _filesTotal;
    private string? _current;
    private bool _isTotalKnown;

    /// <summary>Something is there to be copied.</summary>
    internal void Expect(CopyItem item)
    {
        Interlocked.Increment(ref _filesTotal);
        Interlocked.Add(ref _bytesTotal, SizeOf(item));
    }

    /// <summary>Nothing more will be found.</summary>
    internal void ExpectNoMore() => _isTotalKnown = true;

    /// <summary>Something is begun.</summary>
    internal void Begin(CopyItem item)
    {
        _current = item.Source;
        Report(isLast: false);
    }

    /// <summary>Content has got there.</summary>
    internal void AddBytes(long count)
    {
        Interlocked.Add(ref _bytesDone, count);
        Report(isLast: false);
    }

    /// <summary>A part of a file was there before.</summary>
    internal void AddResumed(long count)
    {
        Interlocked.Add(ref _resumedBytes, count);
        AddBytes(count);
    }

    /// <summary>A file has its name.</summary>
    internal void AddFile(long sizeBytes)
    {
        Interlocked.Increment(ref _files);
        Interlocked.Add(ref _bytes, sizeBytes);
        Report(isLast: false);
    }

    /// <summary>A directory is there.</summary>
    internal void AddDirectory() => Interlocked.Increment(ref _directories);

    /// <summary>A link is there.</summary>
    internal void AddLink() => Interlocked.Increment(ref _links);

    /// <summary>Something is left out.</summary>
    internal void Skip(string path, string reason) => _skipped.Enqueue(new GuestCopyRemark(path, reason));

    /// <summary>Something went wrong.</summary>
    internal void Fail(string path, Exception exception) => _errors.Enqueue(new GuestCopyError(path, exception));

    /// <summary>Tells of the end.</summary>
    internal GuestCopyResult Finish()
    {
        Report(isLast: true);
        return new GuestCopyResult
        {
            Files = _files,
            Directories = _directories,
            Links = _links,
            Bytes = _bytes,
            ResumedBytes = _resumedBytes,
            Skipped = [.. _skipped],
            Errors = [.. _errors],
            Elapsed = TimeProvider.System.GetElapsedTime(_started),
        };
    }

    /// <summary>What the lengths say; a link has none.</summary>
    private static long SizeOf(CopyItem item) => item.Status.Type == Protocol.GuestwireFileType.Regular ? item.Status.SizeBytes : 0;

    private void Report(bool isLast)
    {
        if (progress is null)
        {
            return;
        }

        long now = TimeProvider.System.GetTimestamp();
        long last = Interlocked.Read(ref _lastReport);
        if (isLast || (now - last >= s_reportTicks && Interlocked.CompareExchange(ref _lastReport, now, last) == last))
        {
            progress.Report(new GuestCopyProgress(
                _current,
                Interlocked.Read(ref _bytesDone),
                Interlocked.Read(ref _bytesTotal),
                Interlocked.Read(ref _files) + Interlocked.Read(ref _links),
                Interlocked.Read(ref _filesTotal),
                _isTotalKnown));
        }
    }
}
