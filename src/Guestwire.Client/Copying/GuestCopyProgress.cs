namespace Guestwire.Client;

/// <summary>How far a copy is.</summary>
/// <param name="Current">The file that was begun last, by its source's path; null before the first.</param>
/// <param name="BytesDone">Content that is copied.</param>
/// <param name="BytesTotal">Content that is known to be there, as its length.</param>
/// <param name="FilesDone">Files that are whole under their names, links too.</param>
/// <param name="FilesTotal">Files that are known to be there.</param>
/// <param name="IsTotalKnown">Whether all directories have been looked at, so that the totals grow no more.</param>
public sealed record GuestCopyProgress(string? Current, long BytesDone, long BytesTotal, long FilesDone, long FilesTotal, bool IsTotalKnown);
