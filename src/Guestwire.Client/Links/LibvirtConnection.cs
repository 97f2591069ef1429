using Guestwire.Client.Interop;

namespace Guestwire.Client.Links;

/// <summary>
/// A connection to libvirt's daemon. Domains of the same URI share a few: each is a socket, or even an ssh, and a slot among those that the
/// daemon gives out.
/// </summary>
/// <remarks>
/// Why not one: the daemon works on five calls of a connection at once and lets the others wait (<c>max_client_requests</c>). With one connection
/// five guests that hang would keep all others waiting.
/// </remarks>
internal sealed class LibvirtConnection
{
    /// <summary>The daemon's <c>max_client_requests</c> unless configured otherwise: with so many users a connection is busy enough for another.</summary>
    private const int MaxUsersBeforeAnother = 5;

    /// <summary>So that <see cref="MaxUsersBeforeAnother"/> of each fill the daemon's <c>max_workers</c>, 20 unless configured otherwise.</summary>
    private const int MaxConnections = 4;

    // The one state that the process shares: two clients that know nothing of each other ask the same daemon.
    private static readonly Lock s_lock = new();
    private static readonly List<LibvirtConnection> s_connections = [];

    private readonly string? _uri;
    private readonly Lazy<LibvirtConnectionHandle> _handle;

    // Guarded by s_lock.
    private int _users;

    private LibvirtConnection(string? uri)
    {
        _uri = uri;

        // Whoever comes second waits for the first one's attempt.
        _handle = new Lazy<LibvirtConnectionHandle>(Connect);
    }

    /// <summary>Whether the daemon can still be reached through it.</summary>
    internal bool IsAlive
    {
        get
        {
            if (Libvirt.ConnectIsAlive(_handle.Value) == 1)
            {
                return true;
            }

            Abandon();
            return false;
        }
    }

    /// <summary>Takes a share in a connection, to be left by <see cref="Leave"/>.</summary>
    /// <param name="uri">The daemon; null for libvirt's default.</param>
    internal static LibvirtConnection Take(string? uri)
    {
        lock (s_lock)
        {
            // Linear; a host speaks to few daemons.
            LibvirtConnection? connection = s_connections.Where(open => open._uri == uri).MinBy(open => open._users);
            if (connection is null
                || (connection._users >= MaxUsersBeforeAnother && s_connections.Count(open => open._uri == uri) < MaxConnections))
            {
                connection = new LibvirtConnection(uri);
                s_connections.Add(connection);
            }

            connection._users++;
            return connection;
        }
    }

    /// <summary>The connection itself; blocks until it is open.</summary>
    /// <exception cref="IOException">There is no libvirt here, or the daemon cannot be reached.</exception>
    internal LibvirtConnectionHandle Open()
    {
        try
        {
            return _handle.Value;
        }
        catch
        {
            // The next one tries again.
            Abandon();
            throw;
        }
    }

    /// <summary>Gives the share back; the last one closes the connection.</summary>
    internal void Leave()
    {
        lock (s_lock)
        {
            if (--_users > 0)
            {
                return;
            }

            s_connections.Remove(this);
        }

        if (_handle.IsValueCreated)
        {
            _handle.Value.Dispose();
        }
    }

    /// <summary>Nobody else shall get it.</summary>
    internal void Abandon()
    {
        lock (s_lock)
        {
            s_connections.Remove(this);
        }
    }

    /// <summary>Where a URI leads, for messages.</summary>
    internal static string At(string? uri) => uri is null ? "" : $" at {uri}";

    // Unsafe: the address of a static method without captures, which lives as long as the process.
    private unsafe LibvirtConnectionHandle Connect()
    {
        try
        {
            Libvirt.SetErrorFunction(0, &Libvirt.IgnoreError);
            LibvirtConnectionHandle handle = Libvirt.ConnectOpen(_uri);
            return !handle.IsInvalid ? handle : throw new IOException($"cannot connect to libvirt{At(_uri)}: {LibvirtError.Last().Message}");
        }
        catch (DllNotFoundException exception)
        {
            throw new IOException(
                "libvirt is not installed here: libvirt.so.0 is missing (Debian and Ubuntu: libvirt0; Fedora and Red Hat: libvirt-libs; Arch: libvirt)",
                exception);
        }
    }
}
