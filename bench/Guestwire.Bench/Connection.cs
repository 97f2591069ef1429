using System.Runtime.InteropServices;
using System.Text;

namespace Guestwire.Bench;

/// <summary>A host's end of a conversation: one request, one reply line, with as little work on this side as can be.</summary>
internal sealed class Connection : IDisposable
{
    // Far beyond anything measured: whoever waits that long waits for nothing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // Holds the longest reply, 48 MiB in base64. Written to once, so that no measurement pays for its pages.
    private static readonly byte[] Whole = MakeTouched(68 * 1024 * 1024);

    // What is only counted flows through this much, which stays in the processor's cache.
    private const int Window = 256 * 1024;

    private readonly UnixSocket socket;

    private Connection(UnixSocket socket)
    {
        this.socket = socket;
    }

    /// <summary>Connects, again and again without a pause as long as <paramref name="isWorthTrying"/> says so.</summary>
    /// <exception cref="BenchException">It said no.</exception>
    internal static Connection Open(string path, Func<bool> isWorthTrying)
    {
        UnixSocket socket = new(path, Patience);
        while (!socket.TryConnect())
        {
            // Asked for at once: other calls have errors too.
            int error = Marshal.GetLastPInvokeError();
            if (!isWorthTrying())
            {
                socket.Dispose();
                throw new BenchException($"cannot connect to {path}: {Marshal.GetPInvokeErrorMessage(error)}");
            }

            _ = Libc.Yield();
        }

        return new Connection(socket);
    }

    /// <summary>Connects if that is possible within <paramref name="patience"/>, which then also holds for each send and receive.</summary>
    internal static Connection? TryOpen(string path, TimeSpan patience)
    {
        UnixSocket socket = new(path, patience);
        if (socket.TryConnect())
        {
            return new Connection(socket);
        }

        socket.Dispose();
        return null;
    }

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <returns>The reply line; valid until the next call.</returns>
    internal ReadOnlySpan<byte> Ask(ReadOnlySpan<byte> request)
    {
        Send(request);
        int filled = 0;
        do
        {
            filled += Receive(Whole.AsSpan(filled), request);
        }
        while (Whole[filled - 1] != (byte)'\n');
        ReadOnlySpan<byte> reply = Whole.AsSpan(0, filled);
        CheckReturn(request, reply);
        return reply;
    }

    /// <summary>Sends a request and lets its reply pass by.</summary>
    /// <returns>Bytes of the reply.</returns>
    internal long Drain(ReadOnlySpan<byte> request)
    {
        Send(request);
        Span<byte> window = Whole.AsSpan(0, Window);
        int count = Receive(window, request);
        // Enough to tell what it is.
        while (count < 16 && window[count - 1] != (byte)'\n')
        {
            count += Receive(window[count..], request);
        }

        CheckReturn(request, window[..count]);
        long total = count;
        while (window[count - 1] != (byte)'\n')
        {
            count = Receive(window, request);
            total += count;
        }

        return total;
    }

    /// <summary>A ping that may fail, for several threads at once: the reply must fit in <paramref name="buffer"/>.</summary>
    /// <returns>False when no reply came in the patience that the connection was opened with.</returns>
    internal bool TryPing(byte[] buffer)
    {
        try
        {
            socket.Send(Requests.Ping);
            return socket.Receive(buffer) > 0;
        }
        catch (BenchException)
        {
            return false;
        }
    }

    /// <summary>Gets rid of what earlier conversations left on the way, as hosts do on a line that is never new.</summary>
    internal void Synchronize()
    {
        Send([0xFF]);
        ReadOnlySpan<byte> request = Requests.SyncDelimited(Environment.TickCount64);
        Send(request);
        // What comes before the reply may even be an error about the 0xFF.
        ReadOnlySpan<byte> seen;
        int filled = 0;
        do
        {
            filled += Receive(Whole.AsSpan(filled), request);
            seen = Whole.AsSpan(0, filled);
        }
        while (seen[^1] != (byte)'\n' || !seen.Contains((byte)0xFF));
    }

    /// <summary>Sends all of <paramref name="bytes"/>.</summary>
    internal void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            socket.Send(bytes);
        }
        catch (BenchException e)
        {
            throw new BenchException($"{Excerpt(bytes)}: {e.Message}");
        }
    }

    /// <summary>Reads and forgets that many replies to <paramref name="request"/>.</summary>
    internal void SkipReplies(int count, ReadOnlySpan<byte> request)
    {
        while (count > 0)
        {
            Span<byte> window = Whole.AsSpan(0, Window);
            count -= window[..Receive(window, request)].Count((byte)'\n');
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private int Receive(Span<byte> buffer, ReadOnlySpan<byte> request)
    {
        try
        {
            return socket.Receive(buffer);
        }
        catch (BenchException e)
        {
            throw new BenchException($"no reply to {Excerpt(request)}: {e.Message}");
        }
    }

    private static void CheckReturn(ReadOnlySpan<byte> request, ReadOnlySpan<byte> reply)
    {
        if (!reply[(reply[0] == 0xFF ? 1 : 0)..].StartsWith("{\"return\""u8))
        {
            throw new BenchException($"{Excerpt(request)} was answered with {Excerpt(reply)}");
        }
    }

    private static string Excerpt(ReadOnlySpan<byte> line) =>
        Encoding.UTF8.GetString(line[..Math.Min(line.Length, 160)]).TrimEnd() + (line.Length > 160 ? "..." : "");

    private static byte[] MakeTouched(int bytes)
    {
        byte[] buffer = new byte[bytes];
        Array.Fill(buffer, (byte)1);
        return buffer;
    }
}
