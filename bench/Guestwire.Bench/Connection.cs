using System.Net.Sockets;

namespace Guestwire.Bench;

/// <summary>One request, one reply line, with as little work on this side as can be.</summary>
internal sealed class Connection(Socket socket) : IDisposable
{
    private byte[] buffer = new byte[4 * 1024 * 1024];

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <returns>The reply line; valid until the next call.</returns>
    internal ReadOnlySpan<byte> Ask(ReadOnlySpan<byte> request)
    {
        Send(request);
        int filled = 0;
        do
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            int read = socket.Receive(buffer.AsSpan(filled));
            filled += read > 0 ? read : throw new IOException("the agent closed the connection");
        }
        while (buffer[filled - 1] != (byte)'\n');
        return buffer.AsSpan(0, filled);
    }

    /// <summary>Sends all of <paramref name="bytes"/>.</summary>
    internal void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    /// <summary>Reads and forgets that many lines.</summary>
    internal void SkipLines(int count)
    {
        while (count > 0)
        {
            int read = socket.Receive(buffer);
            count -= read > 0 ? buffer.AsSpan(0, read).Count((byte)'\n') : throw new IOException("the agent closed the connection");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
