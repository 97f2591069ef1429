using System.Net.Sockets;

namespace EndToEnd.Play;

/// <summary>A host's end of a conversation: sends bytes, reads lines.</summary>
internal sealed class LineConnection(Socket socket) : IDisposable
{
    private byte[] buffer = new byte[64 * 1024];
    private int filled;

    /// <summary>Sends all of <paramref name="bytes"/>.</summary>
    internal async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellation)..];
        }
    }

    /// <summary>Reads until <paramref name="count"/> lines are there or the agent closes the connection.</summary>
    /// <returns>All that came since the last call, which may be more or less than that.</returns>
    internal async Task<byte[]> ReadLinesAsync(int count, CancellationToken cancellation)
    {
        int searched = 0;
        while (count > 0)
        {
            int end = buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                searched += end + 1;
                count--;
                continue;
            }

            searched = filled;
            if (!await FillAsync(cancellation))
            {
                break;
            }
        }

        return TakeAll();
    }

    /// <summary>Waits until there is something to read.</summary>
    /// <returns>All that came since the last call; nothing when the other end is closed.</returns>
    internal async Task<byte[]> ReadSomeAsync(CancellationToken cancellation)
    {
        if (filled == 0)
        {
            await FillAsync(cancellation);
        }

        return TakeAll();
    }

    /// <summary>Says that nothing more will be sent, and reads what the agent still says until it closes its end too.</summary>
    internal async Task<byte[]> FinishAsync(CancellationToken cancellation)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            while (await FillAsync(cancellation))
            {
            }
        }
        catch (SocketException)
        {
            // The agent has closed already; what came before counts.
        }

        return TakeAll();
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        if (filled == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        int read = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, cancellation);
        filled += read;
        return read > 0;
    }

    private byte[] TakeAll()
    {
        byte[] all = buffer[..filled];
        filled = 0;
        return all;
    }
}
