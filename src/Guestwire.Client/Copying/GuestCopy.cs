using Guestwire.Client.Copying;

namespace Guestwire.Client;

/// <summary>
/// Copies files between a host and its guests, single ones and whole directories, with any agent. As cp does: into the target when it is a directory, else
/// under its name.
/// </summary>
/// <remarks>
/// <para>A file is written under another name beside its own, <c>.guestwire-….part</c>, and gets its own at the end, with its mode and times: whoever
/// looks sees the old file or the new one. Until then nobody but its owner can open it, from its first moment on. What fails leaves nothing, unless it is
/// to be resumed. A file is in the page cache of its end then, and on its disk when that end writes it back.</para>
/// <para>Many files are on their way at once. A guest without Guestwire's agent gets small files in tar archives, if it has tar.</para>
/// <para>Hard links become files of their own. Content is never changed: no line ends, no encodings.</para>
/// </remarks>
/// <param name="options">How to copy; as <see cref="GuestCopyOptions"/> says when null.</param>
public sealed class GuestCopy(GuestCopyOptions? options = null)
{
    private readonly GuestCopyOptions _options = options ?? new GuestCopyOptions();

    /// <summary>Copies from the host into a guest.</summary>
    /// <param name="source">A file or directory of the host.</param>
    /// <param name="guest">The guest.</param>
    /// <param name="target">An absolute path in the guest. With a slash at its end it has to be a directory, or to become one.</param>
    /// <param name="cancellation">Ends the copy; what is not whole is removed.</param>
    /// <returns>What was done; errors of single files are in it.</returns>
    /// <exception cref="FileNotFoundException">There is no such source.</exception>
    /// <exception cref="IOException">The target cannot be what it has to be, or the guest cannot be reached.</exception>
    /// <exception cref="TimeoutException">The guest does not answer.</exception>
    /// <exception cref="Protocol.QapiException">The guest does not let itself be asked for the target.</exception>
    public async Task<GuestCopyResult> ToGuestAsync(string source, GuestClient guest, string target, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(guest);
        return await CopyAsync(HostEnd(), source, await SideOfAsync(guest, cancellation).ConfigureAwait(false), target, cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>Copies from a guest to the host.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="source">An absolute path in the guest.</param>
    /// <param name="target">A path of the host. With a slash at its end it has to be a directory, or to become one.</param>
    /// <param name="cancellation">Ends the copy; what is not whole is removed.</param>
    /// <returns>What was done; errors of single files are in it.</returns>
    /// <exception cref="FileNotFoundException">There is no such source.</exception>
    /// <exception cref="IOException">The target cannot be what it has to be, or the guest cannot be reached.</exception>
    /// <exception cref="TimeoutException">The guest does not answer.</exception>
    /// <exception cref="Protocol.QapiException">The guest does not let itself be asked for the source.</exception>
    public async Task<GuestCopyResult> ToHostAsync(GuestClient guest, string source, string target, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(guest);
        return await CopyAsync(await SideOfAsync(guest, cancellation).ConfigureAwait(false), source, HostEnd(), target, cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>Copies from one guest to another, through the host. Nothing is stored there.</summary>
    /// <param name="from">The guest that has the source.</param>
    /// <param name="source">An absolute path in it.</param>
    /// <param name="to">The guest that gets the copy; may be the same.</param>
    /// <param name="target">An absolute path in it. With a slash at its end it has to be a directory, or to become one.</param>
    /// <param name="cancellation">Ends the copy; what is not whole is removed.</param>
    /// <returns>What was done; errors of single files are in it.</returns>
    /// <exception cref="FileNotFoundException">There is no such source.</exception>
    /// <exception cref="IOException">The target cannot be what it has to be, or a guest cannot be reached.</exception>
    /// <exception cref="TimeoutException">A guest does not answer.</exception>
    /// <exception cref="Protocol.QapiException">A guest does not let itself be asked for its path.</exception>
    public async Task<GuestCopyResult> BetweenGuestsAsync(
        GuestClient from, string source, GuestClient to, string target, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return await CopyAsync(
            await SideOfAsync(from, cancellation).ConfigureAwait(false),
            source,
            await SideOfAsync(to, cancellation).ConfigureAwait(false),
            target,
            cancellation).ConfigureAwait(false);
    }

    private static async Task<GuestSide> SideOfAsync(GuestClient guest, CancellationToken cancellation) =>
        new(guest, await guest.GetFilesAsync(cancellation).ConfigureAwait(false));

    private static HostSide HostEnd() => OperatingSystem.IsLinux() ? new HostSide() : throw new PlatformNotSupportedException("a host is a Linux system");

    private async Task<GuestCopyResult> CopyAsync(CopySide from, string source, CopySide to, string target, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(target);
        CopyRun run = new(from, to, _options, cancellation);
        return await run.RunAsync(source, target).ConfigureAwait(false);
    }
}
