using System.Globalization;
using Guestwire.Client.Files;
using Guestwire.Protocol;

namespace Guestwire.Client.Copying;

/// <summary>Something to copy.</summary>
/// <param name="Source">Its path.</param>
/// <param name="Target">The path that the copy gets.</param>
/// <param name="Status">What it is.</param>
internal sealed record CopyItem(string Source, string Target, GuestwireFileStatus Status)
{
    /// <summary>Up to so many bytes a file goes in one piece.</summary>
    internal const int SmallBytes = ChunkSizes.Largest;

    /// <summary>Whether it takes less space than it is long: it may have holes, or be compressed.</summary>
    internal bool HasHoles => Status.AllocatedBytes < Status.SizeBytes;

    /// <summary>Whether it is a file that goes in one piece. Files of pseudo filesystems say that they are empty, and prove to be longer.</summary>
    internal bool IsSmall => Status.Type == GuestwireFileType.Regular && Status.SizeBytes <= SmallBytes;

    /// <summary>What a copy of it gets.</summary>
    /// <param name="keepsOwners">Whether its owner and group are kept. What runs with another user's rights must not do so with those of whoever copies.</param>
    internal GuestFileAttributes AttributesFor(bool keepsOwners)
    {
        long mode = keepsOwners || Status.Type == GuestwireFileType.Directory ? Status.Mode : Status.Mode & ~FileModes.SetIds;
        return new GuestFileAttributes
        {
            Mode = Status.Type == GuestwireFileType.Symlink ? null : (int)mode,
            User = keepsOwners ? Status.UserId.ToString(CultureInfo.InvariantCulture) : null,
            Group = keepsOwners ? Status.GroupId.ToString(CultureInfo.InvariantCulture) : null,
            ModifiedNs = Status.ModifiedNs,
            AccessedNs = Status.AccessedNs,
            Follow = Status.Type != GuestwireFileType.Symlink,
        };
    }
}
