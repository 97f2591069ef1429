namespace Guestwire.Client;

/// <summary>Something that could not be copied.</summary>
/// <param name="Path">The source's path.</param>
/// <param name="Exception">What went wrong: <see cref="Protocol.QapiException"/> of a guest, <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> of the host.</param>
public sealed record GuestCopyError(string Path, Exception Exception);
