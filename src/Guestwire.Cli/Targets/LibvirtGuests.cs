using Guestwire.Client;

namespace Guestwire.Cli.Targets;

/// <summary>The domains of libvirt's default connection: what <c>LIBVIRT_DEFAULT_URI</c> names, or the one that libvirt chooses.</summary>
internal sealed class LibvirtGuests : IGuestSource
{
    private const string UriVariable = "LIBVIRT_DEFAULT_URI";

    private static readonly string[] s_sockets = ["libvirt-sock", "virtqemud-sock"];

    /// <inheritdoc/>
    public string Name => "libvirt";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Target>> ListAsync(CancellationToken cancellation)
    {
        if (!IsThere())
        {
            return [];
        }

        // It blocks; a daemon that hangs must not keep Ctrl-C from its effect.
        IReadOnlyList<LibvirtDomainInfo> domains = await Task.Run(() => LibvirtDomains.List(null), cancellation).WaitAsync(cancellation).ConfigureAwait(false);
        return [.. domains.Select(domain => new Target(domain.Name, new LibvirtTransport(null, domain.Name), StateOf(domain.State)))];
    }

    // A library without a daemon is no error: clients of libvirt are installed on many a machine that has no guests.
    private static bool IsThere() =>
        Environment.GetEnvironmentVariable(UriVariable) is { Length: > 0 }
        || Sockets().Any(File.Exists);

    private static IEnumerable<string> Sockets()
    {
        string[] folders = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } own ? ["/run/libvirt", $"{own}/libvirt"] : ["/run/libvirt"];
        return folders.SelectMany(folder => s_sockets.Select(name => $"{folder}/{name}"));
    }

    private static string StateOf(LibvirtDomainState state) => state switch
    {
        LibvirtDomainState.Running or LibvirtDomainState.Blocked => "running",
        LibvirtDomainState.ShuttingDown => "shutting down",
        LibvirtDomainState.ShutOff => "shut off",
        _ => state.ToString().ToLowerInvariant(),
    };
}
