using Guestwire.Client.Links;

namespace Guestwire.Client;

/// <summary>A domain of libvirt, whose daemon holds the agent's socket. Needs libvirt's C library on this host.</summary>
/// <remarks>
/// One command at a time goes through, a time limit counts in whole seconds, requests have at most 192 KiB and replies 4 MiB. A
/// reply comes back without the agent's spaces, and an error without its class, which is told from its text.
/// </remarks>
/// <param name="Uri">The connection, such as <c>qemu:///system</c> or <c>qemu+ssh://host/system</c>; null for libvirt's default.</param>
/// <param name="Domain">The domain's name.</param>
public sealed record LibvirtTransport(string? Uri, string Domain) : GuestTransport
{
    /// <inheritdoc/>
    public override string ToString() => Uri is null ? $"libvirt:{Domain}" : $"libvirt:{Uri}/{Domain}";

    /// <inheritdoc/>
    internal override async ValueTask<GuestLink> OpenAsync(GuestClientOptions options, CancellationToken cancellation)
    {
        // It may start an ssh and wait for another host: not on a thread of the pool.
        Task<LibvirtDomain> opening = Task.Factory.StartNew(
            () => LibvirtDomain.Open(Uri, Domain), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return new LibvirtLink(await opening.WaitAsync(options.Timeout, cancellation).ConfigureAwait(false), options);
        }
        catch (Exception exception) when (!opening.IsCompleted)
        {
            _ = LetGoAsync(opening);
            throw exception is TimeoutException
                ? new TimeoutException($"libvirt{LibvirtConnection.At(Uri)} did not answer within {options.Timeout.TotalSeconds:0.###} seconds")
                : exception;
        }
    }

    /// <summary>Whether the domain is off, or gone.</summary>
    /// <exception cref="IOException">There is no libvirt, or it does not say.</exception>
    internal async Task<bool> IsOffAsync(CancellationToken cancellation) =>
        await Task.Run(() => LibvirtDomain.ReadState(Uri, Domain), cancellation).WaitAsync(cancellation).ConfigureAwait(false)
            is null or LibvirtDomainState.ShutOff or LibvirtDomainState.Crashed;

    private static async Task LetGoAsync(Task<LibvirtDomain> opening)
    {
        try
        {
            (await opening.ConfigureAwait(false)).Dispose();
        }
        catch (IOException)
        {
            // Nobody waits for it any more.
        }
    }
}
