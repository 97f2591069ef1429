using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Paths;

/// <summary>The guests that the paths of one command line lie in, each with one connection.</summary>
internal sealed class GuestPaths(TargetResolver resolver, GuestClientOptions options) : IAsyncDisposable
{
    private readonly Dictionary<string, GuestClient> _guests = new(StringComparer.Ordinal);

    /// <summary>The guests that are meant.</summary>
    /// <exception cref="UsageException">There is no such guest.</exception>
    internal Task<IReadOnlyList<Target>> ResolveAsync(string guest, CancellationToken cancellation) =>
        resolver.ResolveAsync([guest], false, cancellation);

    /// <summary>A guest that was found.</summary>
    internal GuestClient ClientOf(Target target)
    {
        string key = target.Transport.ToString();
        if (!_guests.TryGetValue(key, out GuestClient? guest))
        {
            guest = new GuestClient(target.Transport, options);
            _guests.Add(key, guest);
        }

        return guest;
    }

    /// <summary>The guest of a path.</summary>
    /// <exception cref="UsageException">There is no such guest, or several.</exception>
    internal async Task<Target> TargetOfAsync(GuestPath path, CancellationToken cancellation)
    {
        IReadOnlyList<Target> targets = await ResolveAsync(path.Guest, cancellation).ConfigureAwait(false);
        return targets.Count == 1 ? targets[0] : throw new UsageException($"'{path.Guest}' means {targets.Count} guests; a path wants one");
    }

    /// <summary>The guest of a path, as a client.</summary>
    /// <exception cref="UsageException">There is no such guest, or several.</exception>
    internal async Task<GuestClient> ClientOfAsync(GuestPath path, CancellationToken cancellation) =>
        ClientOf(await TargetOfAsync(path, cancellation).ConfigureAwait(false));

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
