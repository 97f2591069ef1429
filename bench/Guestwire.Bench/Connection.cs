using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Bench;

/// <summary>
/// A host's end of a unix socket: one request, one reply line, with as little work on this side as can be. Sends and receives
/// are the bare system calls, blocking, with a time limit in the kernel.
/// </summary>
internal sealed class Connection : IDisposable
{
    // Far beyond anything measured: whoever waits that long waits for nothing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // Holds the longest reply, 48 MiB in base64. Written to once, so that no measurement pays for its pages.
    private static readonly byte[] Whole = MakeTouched(68 * 1024 * 1024);

    // What is only counted flows through this much, which stays in the processor's cache.
    private const int Window = 256 * 1024;

    private readonly SafeFileHandle socket = Libc.Socket(Libc.UnixFamily, Libc.StreamSocket | Libc.CloseOnExec, 0);

    private Connection()
    {
        SetPatience(Patience);
    }

    /// <summary>Connects, again and again without a pause as long as <paramref name="isWorthTrying"/> says so.</summary>
    /// <exception cref="BenchException">It said no.</exception>
    internal static Connection Open(string path, Func<bool> isWorthTrying)
    {
        byte[] address = MakeAddress(path);
        Connection connection = new();
        while (Libc.Connect(connection.socket, address, (uint)address.Length) != 0)
        {
            if (!isWorthTrying())
            {
                connection.Dispose();
                throw new BenchException($"cannot connect to {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
            }

            _ = Libc.Yield();
        }

        return connection;
    }

    /// <summary>Connects if that is possible within <paramref name="patience"/>, which then also holds for each send and receive.</summary>
    internal static Connection? TryOpen(string path, TimeSpan patience)
    {
        byte[] address = MakeAddress(path);
        Connection connection = new();
        connection.SetPatience(patience);
        if (Libc.Connect(connection.socket, address, (uint)address.Length) == 0)
        {
            return connection;
        }

        connection.Dispose();
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
        int count = Receive(Whole.AsSpan(0, Window), request);
        CheckReturn(request, Whole.AsSpan(0, count));
        long total = count;
        while (Whole[count - 1] != (byte)'\n')
        {
            count = Receive(Whole.AsSpan(0, Window), request);
            total += count;
        }

        return total;
    }

    /// <summary>A ping that may fail, for several threads at once: the reply must fit in <paramref name="buffer"/>.</summary>
    /// <returns>False when no reply came in the patience that the connection was opened with.</returns>
    internal bool TryPing(byte[] buffer) =>
        Libc.Send(socket, Requests.Ping, (nuint)Requests.Ping.Length, Libc.NoSignal) == Requests.Ping.Length
        && Libc.Receive(socket, buffer, (nuint)buffer.Length, 0) > 0;

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
        while (!bytes.IsEmpty)
        {
            nint sent = Libc.Send(socket, bytes, (nuint)bytes.Length, Libc.NoSignal);
            if (sent >= 0)
            {
                bytes = bytes[(int)sent..];
            }
            else if (Marshal.GetLastPInvokeError() != Libc.Interrupted)
            {
                throw new BenchException($"cannot send {Excerpt(bytes)}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
            }
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
        while (true)
        {
            nint read = Libc.Receive(socket, buffer, (nuint)buffer.Length, 0);
            if (read > 0)
            {
                return (int)read;
            }

            // A socket with a time limit is not restarted after a signal, and the runtime uses signals.
            int error = Marshal.GetLastPInvokeError();
            if (read == 0 || error != Libc.Interrupted)
            {
                string reason = read == 0 ? "the connection was closed"
                    : error == Libc.TryAgain ? "nothing came for two minutes"
                    : Marshal.GetPInvokeErrorMessage(error);
                throw new BenchException($"no reply to {Excerpt(request)}: {reason}");
            }
        }
    }

    private void SetPatience(TimeSpan patience)
    {
        Libc.Time time = new() { Seconds = (nint)patience.TotalSeconds, Fraction = patience.Microseconds + patience.Milliseconds * 1000 };
        if (Libc.SetTimeout(socket, Libc.SocketLevel, Libc.ReceiveTimeout, time, 16) != 0
            || Libc.SetTimeout(socket, Libc.SocketLevel, Libc.SendTimeout, time, 16) != 0)
        {
            throw new BenchException("cannot make a socket with a time limit");
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

    // struct sockaddr_un: the family in two bytes, then the path and a zero.
    private static byte[] MakeAddress(string path) => [Libc.UnixFamily, 0, .. Encoding.UTF8.GetBytes(path), 0];

    private static byte[] MakeTouched(int bytes)
    {
        byte[] buffer = new byte[bytes];
        Array.Fill(buffer, (byte)1);
        return buffer;
    }
}
