using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Paths;

/// <summary>The guests that the paths of one command line lie in, each with one connection.</summary>
internal sealed class GuestPaths(TargetResolver resolver, GuestClientOptions options) : IAsyncDisposable
{
    private readonly Dictionary<string, GuestClient> _guests = new(StringComparer.Ordinal);

    /// <summary>The guest of a path.</summary>
    /// <exception cref="UsageException">There is no such guest, or several.</exception>
    internal async Task<GuestClient> ClientOfAsync(GuestPath path, CancellationToken cancellation)
    {
        if (!_guests.TryGetValue(path.Guest, out GuestClient? guest))
        {
            IReadOnlyList<Target> targets = await resolver.ResolveAsync([path.Guest], false, cancellation).ConfigureAwait(false);
            if (targets.Count > 1)
            {
                throw new UsageException($"'{path.Guest}' means {targets.Count} guests; a path wants one");
            }

            guest = new GuestClient(targets[0].Transport, options);
            _guests.Add(path.Guest, guest);
        }

        return guest;
    }

    /// <summary>The files of the guest of a path.</summary>
    internal async Task<GuestFiles> FilesOfAsync(GuestPath path, CancellationToken cancellation)
    {
        GuestClient guest = await ClientOfAsync(path, cancellation).ConfigureAwait(false);
        return await guest.GetFilesAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (GuestClient guest in _guests.Values)
        {
            await guest.DisposeAsync().ConfigureAwait(false);
        }
    }
}
