using Guestwire.Client.Files;
using Guestwire.Protocol;

namespace Guestwire.Client.Copying;

/// <summary>
/// One end of a copy: the host's files or a guest's. What opens a handle in a guest cannot be cancelled: it would stay open. It is over when the
/// client's patience is.
/// </summary>
internal abstract class CopySide
{
    /// <summary>Files that go at once. Each costs a few round trips, and they overlap.</summary>
    internal abstract int MaxParallel { get; }

    /// <summary>Bytes of which one checksum may be asked: an agent answers nobody else meanwhile.</summary>
    internal abstract long ChecksumBytes { get; }

    /// <summary>What there is of a name, or null.</summary>
    internal abstract Task<GuestwireFileStatus?> StatAsync(string path, bool follow, CancellationToken cancellation);

    /// <summary>Whether a file is of those that are made here, as far as can be told: in a directory like /tmp anybody may have put one, to read what is added.</summary>
    internal abstract Task<bool> IsOwnAsync(string path, GuestwireFileStatus status);

    /// <summary>Says that all of a directory will be listed.</summary>
    internal virtual Task ExpectTreeAsync(string path, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>What a directory holds.</summary>
    internal abstract Task<FolderListing> ListAsync(string path, CancellationToken cancellation);

    /// <summary>Reads all of a small file.</summary>
    /// <returns>Its content, to be given back; null when it is longer than was said.</returns>
    internal abstract Task<FileChunk?> ReadSmallAsync(string path, int sizeBytes);

    /// <summary>Makes a small file, for its owner alone.</summary>
    internal abstract Task WriteSmallAsync(string path, ReadOnlyMemory<byte> content);

    /// <summary>Opens a file to read it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="position">Where to start.</param>
    internal abstract Task<CopySource> OpenAsync(string path, long position);

    /// <summary>Opens a file to write it.</summary>
    /// <param name="path">The file; it is made anew, for its owner alone, unless there is a part of it already.</param>
    /// <param name="position">Where to go on; 0 makes it anew.</param>
    internal abstract Task<CopyTarget> CreateAsync(string path, long position);

    /// <summary>SHA-256 of a part of a file, and how long the part is.</summary>
    internal abstract Task<GuestwireFileChecksum> ChecksumAsync(string path, long offset, long count, CancellationToken cancellation);

    /// <summary>Makes a directory for its owner alone, unless there is one.</summary>
    internal abstract Task MakeDirectoryAsync(string path);

    /// <summary>Makes a symbolic link.</summary>
    internal abstract Task LinkAsync(string path, string target);

    /// <summary>Removes a file or link.</summary>
    internal abstract Task RemoveAsync(string path);

    /// <summary>Gives a file its attributes, and then its name.</summary>
    internal abstract Task PlaceAsync(string path, string to, GuestFileAttributes attributes);

    /// <summary>Changes what the filesystem knows of many files.</summary>
    internal abstract Task SetManyAttributesAsync(IReadOnlyList<(string Path, GuestFileAttributes Attributes)> changes);

    /// <summary>Fails when nothing more can be done here.</summary>
    /// <exception cref="IOException">The guest cannot be reached.</exception>
    /// <exception cref="TimeoutException">The guest does not answer.</exception>
    internal abstract Task ProveAliveAsync();
}
