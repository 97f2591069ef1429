using System.Text;
using Guestwire.Protocol;

namespace Guestwire.Client.Files;

/// <summary>What a directory holds.</summary>
/// <param name="Entries">What has a name that can be told, in no order.</param>
/// <param name="Undecodable">How many names there were besides that are not UTF-8.</param>
internal sealed record FolderListing(IReadOnlyList<GuestwireDirectoryEntry> Entries, long Undecodable)
{
    private static readonly Comparer<byte[]> s_byBytes = Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));

    /// <summary>The entries in the order of their names' bytes.</summary>
    internal IReadOnlyList<GuestwireDirectoryEntry> InOrder() =>
        [.. Entries.OrderBy(entry => Encoding.UTF8.GetBytes(entry.Name), s_byBytes)];
}
