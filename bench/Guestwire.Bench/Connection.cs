using System.Net.Sockets;

namespace Guestwire.Bench;

/// <summary>One request, one reply line, with as little work on this side as can be.</summary>
internal sealed class Connection(Socket socket) : IDisposable
{
    // Holds the longest reply, 48 MiB in base64. One for all, and written to once, so that no measurement pays for its pages.
    private static readonly byte[] Buffer = MakeBuffer();

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <returns>The reply line; valid until the next call.</returns>
    internal ReadOnlySpan<byte> Ask(ReadOnlySpan<byte> request)
    {
        Send(request);
        int filled = 0;
        do
        {
            int read = socket.Receive(Buffer.AsSpan(filled));
            filled += read > 0 ? read : throw new IOException("the agent closed the connection");
        }
        while (Buffer[filled - 1] != (byte)'\n');
        return Buffer.AsSpan(0, filled);
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
            int read = socket.Receive(Buffer);
            count -= read > 0 ? Buffer.AsSpan(0, read).Count((byte)'\n') : throw new IOException("the agent closed the connection");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private static byte[] MakeBuffer()
    {
        byte[] buffer = new byte[68 * 1024 * 1024];
        Array.Fill(buffer, (byte)1);
        return buffer;
    }
}
