namespace Guestwire.Client;

/// <summary>How to copy. Modes, times and symbolic links are kept in any case, and holes stay holes.</summary>
public sealed record GuestCopyOptions
{
    /// <summary>Whether a directory goes with all that is in it. A symbolic link that is named as the source is then copied as a link.</summary>
    public bool Recursive { get; init; }

    /// <summary>Whether files keep their owners and groups, by number, and set-user-ID and set-group-ID bits with them. For root; others may not.</summary>
    public bool KeepsOwners { get; init; }

    /// <summary>
    /// Whether to go on with what an earlier attempt has left, if its checksum says that it is a part of the same file, and to leave something to go on
    /// with when this one fails.
    /// </summary>
    public bool Resumes { get; init; }

    /// <summary>Whether to compare checksums of both ends before a copy gets its name.</summary>
    public bool Verifies { get; init; }

    /// <summary>Whether to end with the first error; else the rest goes on.</summary>
    public bool StopsAtFirstError { get; init; }

    /// <summary>Hears how far the copy is, some ten times a second. Called by the threads that copy.</summary>
    public IProgress<GuestCopyProgress>? Progress { get; init; }
}
