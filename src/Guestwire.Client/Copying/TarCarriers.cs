using Guestwire.Client.Files;

namespace Guestwire.Client.Copying;

/// <summary>Chooses how small files go.</summary>
internal static class TarCarriers
{
    /// <summary>Content of one archive: what is lost at once, and the space that it takes in the guest meanwhile.</summary>
    internal const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>Things in one archive.</summary>
    internal const int MaxItems = 2000;

    /// <summary>A carrier where the guest's own programs would have to see to each file, and there is tar.</summary>
    internal static async Task<TreeCarrier?> ChooseAsync(
        CopySide from,
        CopySide to,
        CopyItem top,
        ItemCopier copier,
        GuestCopyOptions options,
        CopyTally tally,
        Func<CopyItem, Task<bool>> alone,
        CancellationToken cancellation)
    {
        bool isUpload = from is not GuestSide;
        if (((isUpload ? to : from) as GuestSide)?.Files is not ShellFiles files || (!isUpload && to is GuestSide))
        {
            return null;
        }

        if (await GuestTar.FindAsync(files.Shell, cancellation).ConfigureAwait(false) is not { } tar)
        {
            return null;
        }

        if (!isUpload)
        {
            return new TarDownload((GuestSide)from, tar, top.Source, copier, tally, alone, cancellation);
        }

        // What is there already is filled; what is not gets its name as a whole.
        bool isThere = await to.StatAsync(top.Target, follow: true, cancellation).ConfigureAwait(false) is not null;
        return new TarUpload(from, (GuestSide)to, tar, isThere ? top.Target : CopyPath.FolderOf(top.Target), options, tally, alone, cancellation);
    }
}
