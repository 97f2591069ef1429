using System.Net.Sockets;
using Guestwire.Client.Links;

namespace Guestwire.Client;

/// <summary>The UNIX socket of a QEMU character device, or one on which an agent listens.</summary>
/// <param name="Path">The socket.</param>
public sealed record UnixTransport(string Path) : GuestTransport
{
    /// <summary>Where Proxmox VE keeps the sockets of its machines.</summary>
    private const string ProxmoxFolder = "/var/run/qemu-server";

    /// <summary>Room for requests in the system, in bytes: some pieces of a file.</summary>
    private const int SendBytes = 4 * 1024 * 1024;

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
            // As much as the system lets us have: a request on its way is what the agent finds when it has answered the one before.
            socket.SendBufferSize = SendBytes;
            UnixDomainSocketEndPoint address = new(Path);
            await Task.Run(() => socket.Connect(address), cancellation).WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw new IOException($"cannot connect to {Path}: {ReasonOf(exception)}", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new StreamLink(new PromptStream(socket), options);
    }

    private string ReasonOf(Exception exception) => exception switch
    {
        _ when !File.Exists(Path) => "there is no such socket",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "nobody listens there",
        _ => exception.Message,
    };
}
