using System.Net.Sockets;

namespace Guestwire.Client.Links;

/// <summary>
/// A socket that its threads wait for themselves, in the system. QEMU's agent sends a reply in pieces of two kilobytes; with .NET's own way of waiting, which
/// hands over between threads, each of them costs some thirty times as much as the piece itself, and more on a busy host.
/// </summary>
/// <remarks>The socket must never have been used asynchronously. Who is waiting when it is closed gets an error, as always.</remarks>
internal sealed class PromptStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        try
        {
            // Wakes who waits.
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other end has closed it, or we have.
        }

        base.Dispose(disposing);
    }
}
