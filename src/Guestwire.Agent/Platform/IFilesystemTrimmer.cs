using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>Tells disks which blocks their filesystems do not use.</summary>
internal interface IFilesystemTrimmer
{
    /// <summary>Trims every filesystem on a local disk, in the order of mounting; one that fails does not stop the others. May take minutes.</summary>
    /// <param name="minimumBytes">Free ranges below this are left alone.</param>
    /// <returns>One result for each, the last mounted first.</returns>
    /// <exception cref="QapiException">GenericError: the filesystems could not be listed.</exception>
    IReadOnlyList<GuestFilesystemTrimResult> TrimAll(ulong minimumBytes);
}
