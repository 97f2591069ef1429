using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Bench;

/// <summary>A unix socket as the bare system calls have it, blocking, with a time limit in the kernel.</summary>
internal sealed class UnixSocket : IDisposable
{
    private readonly SafeFileHandle handle = Libc.Socket(Libc.UnixFamily, Libc.StreamSocket | Libc.CloseOnExec, 0);
    private readonly byte[] address;

    /// <summary>Makes it, not yet connected.</summary>
    /// <param name="path">Of the server.</param>
    /// <param name="patience">How long connecting, each send and each receive may wait.</param>
    internal UnixSocket(string path, TimeSpan patience)
    {
        // struct sockaddr_un: the family in two bytes, then the path and a zero.
        address = [Libc.UnixFamily, 0, .. Encoding.UTF8.GetBytes(path), 0];
        Libc.Time time = new() { Seconds = (nint)patience.TotalSeconds, Fraction = patience.Milliseconds * 1000 };
        if (Libc.SetTimeout(handle, Libc.SocketLevel, Libc.ReceiveTimeout, time, 16) != 0
            || Libc.SetTimeout(handle, Libc.SocketLevel, Libc.SendTimeout, time, 16) != 0)
        {
            throw new BenchException($"cannot make a socket with a time limit: {LastError()}");
        }
    }

    /// <summary>Connects; it can be tried again after a failure.</summary>
    internal bool TryConnect() => Libc.Connect(handle, address, (uint)address.Length) == 0;

    /// <summary>Sends all of <paramref name="bytes"/>.</summary>
    /// <exception cref="BenchException">That could not be done.</exception>
    internal void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint sent = Libc.Send(handle, bytes, (nuint)bytes.Length, Libc.NoSignal);
            if (sent >= 0)
            {
                bytes = bytes[(int)sent..];
            }
            else if (!IsInterrupted())
            {
                throw new BenchException($"sending failed: {LastError()}");
            }
        }
    }

    /// <summary>Receives what is there, at least one byte.</summary>
    /// <exception cref="BenchException">Nothing will come any more, or nothing has come in time.</exception>
    internal int Receive(Span<byte> buffer)
    {
        while (true)
        {
            nint received = Libc.Receive(handle, buffer, (nuint)buffer.Length, 0);
            if (received > 0)
            {
                return (int)received;
            }

            if (received == 0)
            {
                throw new BenchException("the connection was closed");
            }

            if (!IsInterrupted())
            {
                throw new BenchException(Marshal.GetLastPInvokeError() == Libc.TryAgain ? "nothing has come in time" : LastError());
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    // A call with a time limit is not restarted after a signal, and the runtime uses signals.
    private static bool IsInterrupted() => Marshal.GetLastPInvokeError() == Libc.Interrupted;

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}
