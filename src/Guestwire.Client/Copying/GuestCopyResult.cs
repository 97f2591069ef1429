namespace Guestwire.Client;

/// <summary>What a copy has done.</summary>
public sealed record GuestCopyResult
{
    /// <summary>Regular files that were copied.</summary>
    public required long Files { get; init; }

    /// <summary>Directories that were made, or were there.</summary>
    public required long Directories { get; init; }

    /// <summary>Symbolic links that were copied.</summary>
    public required long Links { get; init; }

    /// <summary>Content of the files, holes included.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of these bytes, what an earlier attempt had copied.</summary>
    public required long ResumedBytes { get; init; }

    /// <summary>What was left out, and why: devices, sockets, names that are not UTF-8. That is no error.</summary>
    public required IReadOnlyList<GuestCopyRemark> Skipped { get; init; }

    /// <summary>What could not be copied.</summary>
    public required IReadOnlyList<GuestCopyError> Errors { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether all that was to be copied was.</summary>
    public bool IsComplete => Errors.Count == 0;
}
