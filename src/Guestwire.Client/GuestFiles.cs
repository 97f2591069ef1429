using Guestwire.Client.Files;
using Guestwire.Protocol;

namespace Guestwire.Client;

/// <summary>
/// The files of a guest by their names. Guestwire's agent is asked itself; on any other, the guest's own programs do it (sh, stat, mkdir and the like,
/// through guest-exec). Content goes through <see cref="GuestClient.OpenFileAsync"/>.
/// </summary>
public abstract class GuestFiles
{
    private protected GuestFiles()
    {
    }

    /// <summary>What the filesystem knows of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="follow">Whether a symbolic link stands for what it leads to.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null when there is none of that name.</returns>
    /// <exception cref="QapiException">The guest refused.</exception>
    public abstract Task<GuestwireFileStatus?> StatAsync(string path, bool follow = true, CancellationToken cancellation = default);

    /// <summary>The entries of a directory, by their names' bytes, without "." and "..".</summary>
    /// <exception cref="QapiException">There is no such directory, or the guest refused.</exception>
    public abstract Task<IReadOnlyList<GuestwireDirectoryEntry>> ListAsync(string path, CancellationToken cancellation = default);

    /// <summary>Makes a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="mode">Its permissions, 0 to 4095 (07777); 0755 when not given.</param>
    /// <param name="parents">Whether to make what is missing above it too, and not to mind when it exists.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public abstract Task MakeDirectoryAsync(string path, int? mode = null, bool parents = false, CancellationToken cancellation = default);

    /// <summary>Removes a file, a link or a directory.</summary>
    /// <param name="path">What to remove.</param>
    /// <param name="recursive">Whether a directory goes with all that is in it; else it must be empty.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public abstract Task RemoveAsync(string path, bool recursive = false, CancellationToken cancellation = default);

    /// <summary>Gives a file another name on the same filesystem.</summary>
    public abstract Task RenameAsync(string path, string to, bool replace = true, CancellationToken cancellation = default);

    /// <summary>Changes what the filesystem knows of a file; what is not given stays.</summary>
    public abstract Task SetAttributesAsync(string path, GuestFileAttributes attributes, CancellationToken cancellation = default);

    /// <summary>Makes a symbolic link, or a hard one.</summary>
    public abstract Task LinkAsync(string path, string target, bool symbolic = true, CancellationToken cancellation = default);

    /// <summary>SHA-256 of a part of a file, computed in the guest.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where to start, in bytes.</param>
    /// <param name="count">Bytes to read at most; null for up to its end.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public abstract Task<GuestwireFileChecksum> ChecksumAsync(string path, long offset = 0, long? count = null, CancellationToken cancellation = default);

    /// <summary>What a directory holds, and how much of it has names that cannot be told.</summary>
    internal abstract Task<FolderListing> ListFolderAsync(string path, CancellationToken cancellation);

    /// <summary>Changes what the filesystem knows of many files.</summary>
    /// <exception cref="QapiException">The guest refused some of it; the rest is done.</exception>
    internal abstract Task SetManyAttributesAsync(
        IReadOnlyList<(string Path, GuestFileAttributes Attributes)> changes, CancellationToken cancellation);

    /// <summary>
    /// Makes a file anew that only its owner can open, from its first moment, and opens it to write: whoever could open it meanwhile could read all that
    /// comes.
    /// </summary>
    /// <returns>The handle.</returns>
    internal abstract Task<long> OpenPrivateAsync(string path, CancellationToken cancellation);

    /// <summary>Gives a file its attributes, and when it has them its name, in the place of what had it.</summary>
    internal abstract Task PlaceAsync(string path, string to, GuestFileAttributes attributes, CancellationToken cancellation);
}
