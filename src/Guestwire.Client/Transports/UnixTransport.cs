using System.Net.Sockets;
using Guestwire.Client.Links;

namespace Guestwire.Client;

/// <summary>The UNIX socket of a QEMU character device, or one on which an agent listens.</summary>
/// <param name="Path">The socket.</param>
public sealed record UnixTransport(string Path) : GuestTransport
{
    /// <summary>Where Proxmox VE keeps the sockets of its machines.</summary>
    private const string ProxmoxFolder = "/var/run/qemu-server";

    /// <summary>The socket of a machine of Proxmox VE.</summary>
    public static UnixTransport OfProxmox(int id) => new($"{ProxmoxFolder}/{id}.qga");

    /// <inheritdoc/>
    public override string ToString() => $"unix:{Path}";

    /// <inheritdoc/>
    internal override async ValueTask<GuestLink> OpenAsync(GuestClientOptions options, CancellationToken cancellation)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw new IOException($"cannot connect to {Path}: {exception.Message}", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new StreamLink(new NetworkStream(socket, ownsSocket: true), options);
    }
}
