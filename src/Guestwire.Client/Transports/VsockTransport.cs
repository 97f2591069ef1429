using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Guestwire.Client.Interop;
using Guestwire.Client.Links;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Client;

/// <summary>An agent that listens on vsock. Reached from Linux only.</summary>
/// <param name="Cid">The guest's context id, as its hypervisor was told; 1 for this machine itself, where it has vsock_loopback.</param>
/// <param name="Port">The port that the agent was told to listen on.</param>
public sealed record VsockTransport(uint Cid, uint Port) : GuestTransport
{
    /// <inheritdoc/>
    public override string ToString() => $"vsock:{Cid}:{Port}";

    /// <inheritdoc/>
    internal override async ValueTask<GuestLink> OpenAsync(GuestClientOptions options, CancellationToken cancellation) => OperatingSystem.IsLinux()
        ? new StreamLink(await ConnectAsync(options.SyncTimeout, cancellation).ConfigureAwait(false), options)
        : throw new IOException("vsock can be reached from Linux only");

    [SupportedOSPlatform("linux")]
    private async Task<DescriptorStream> ConnectAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        SafeFileHandle socket = Libc.Socket(Libc.AF_VSOCK, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (socket.IsInvalid)
        {
            throw Failure(Libc.LastError);
        }

        // A Socket of .NET takes no descriptor of this family for connected.
        DescriptorStream stream = new(socket);
        try
        {
            int error = StartConnecting(socket);
            if (error == Libc.EINPROGRESS)
            {
                await stream.WaitAsync(Libc.POLLOUT, cancellation).WaitAsync(timeout, cancellation).ConfigureAwait(false);
                error = ErrorOf(socket);
            }

            return error == 0 ? stream : throw Failure(error);
        }
        catch (Exception exception)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw exception is TimeoutException
                ? new TimeoutException($"cannot connect to {this}: no answer within {timeout.TotalSeconds:0.###} seconds")
                : exception;
        }
    }

    [SupportedOSPlatform("linux")]
    private int StartConnecting(SafeFileHandle socket)
    {
        Libc.VsockAddress address = new() { Family = Libc.AF_VSOCK, Port = Port, ContextId = Cid };
        return Libc.Connect(socket, in address, (uint)Unsafe.SizeOf<Libc.VsockAddress>()) == 0 ? 0 : Libc.LastError;
    }

    [SupportedOSPlatform("linux")]
    private static int ErrorOf(SafeFileHandle socket)
    {
        uint length = sizeof(int);
        return Libc.GetSocketOption(socket, Libc.SOL_SOCKET, Libc.SO_ERROR, out int error, ref length) == 0 ? error : Libc.LastError;
    }

    [SupportedOSPlatform("linux")]
    private IOException Failure(int error) => new($"cannot connect to {this}: {error switch
    {
        Libc.EAFNOSUPPORT => "this kernel has no vsock (module vsock, and vhost_vsock for guests)",
        Libc.ENODEV => $"there is no guest with context id {Cid}, or this kernel cannot reach it",
        Libc.ECONNRESET or Libc.ECONNREFUSED => $"nothing listens on port {Port} there",
        _ => Libc.TextOf(error),
    }}");
}
