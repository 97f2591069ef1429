namespace Guestwire.Client;

/// <summary>Something that was left out.</summary>
/// <param name="Path">The source's path.</param>
/// <param name="Reason">Why.</param>
public sealed record GuestCopyRemark(string Path, string Reason);
