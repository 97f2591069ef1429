using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Channels;

/// <summary>A listening socket, unix or vsock; hands out connections.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Listener : IDisposable
{
    /// <summary>Connections that may wait in the kernel until they are accepted.</summary>
    private const int Backlog = 16;

    private readonly SafeFileHandle _socket;

    // The unix socket's file and its identity, so that we remove our own and not a successor's.
    private readonly string? _path;
    private readonly ulong _inode;

    private Listener(SafeFileHandle socket, string? path = null)
    {
        _socket = socket;
        if (path is not null && Libc.Stat(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_INO, out Libc.StatX made) == 0)
        {
            _path = path;
            _inode = made.Inode;
        }
    }

    internal int Descriptor => (int)_socket.DangerousGetHandle();

    /// <summary>Takes over a socket that a service manager listens on already.</summary>
    internal static Listener Adopt(int descriptor)
    {
        SafeFileHandle socket = new(descriptor, ownsHandle: true);
        Libc.Fcntl(socket, Libc.F_SETFD, Libc.FD_CLOEXEC);
        Libc.Fcntl(socket, Libc.F_SETFL, Libc.Fcntl(socket, Libc.F_GETFL, 0) | Libc.O_NONBLOCK);
        return new Listener(socket);
    }

    /// <summary>Listens on a unix socket; one that a dead agent left at the path is replaced, any other file is refused.</summary>
    /// <exception cref="ChannelException">The path is too long, taken, or not writable.</exception>
    internal static Listener OnUnix(string path)
    {
        byte[] pathBytes = Encoding.UTF8.GetBytes(path);
        if (pathBytes.Length > Libc.UnixPathBytes)
        {
            throw new ChannelException($"UNIX socket path '{path}' is too long: it may have {Libc.UnixPathBytes} bytes");
        }

        // struct sockaddr_un: 16 bits of family, then the path. Source: linux/un.h.
        byte[] address = new byte[2 + Libc.UnixPathBytes];
        BitConverter.TryWriteBytes(address, (ushort)Libc.AF_UNIX);
        pathBytes.CopyTo(address, 2);
        if (Libc.Stat(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_TYPE, out Libc.StatX there) == 0)
        {
            if (!there.IsSocket)
            {
                throw new ChannelException($"'{path}' exists and is not a socket; remove it or choose another path");
            }

            if (IsAnswered(address))
            {
                throw new ChannelException($"somebody listens on '{path}' already; stop it or choose another path");
            }

            if (Libc.Unlink(path) < 0)
            {
                throw new ChannelException($"Failed to unlink socket {path}: {Errno.Text(Errno.Last)}");
            }
        }

        return new Listener(Listen(Libc.AF_UNIX, address, path), path);
    }

    /// <summary>Listens on a vsock port.</summary>
    /// <param name="address"><c>cid:port</c>, both decimal; 4294967295 stands for any context id.</param>
    /// <exception cref="ChannelException">The address is none, or the kernel has no vsock.</exception>
    internal static Listener OnVsock(string address)
    {
        int colon = address.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            throw new ChannelException($"error parsing address '{address}': it must be CID:PORT");
        }

        Libc.VsockAddress vsock = new()
        {
            Family = Libc.AF_VSOCK,
            ContextId = ParseNumber("cid", address[..colon]),
            Port = ParseNumber("port", address[(colon + 1)..]),
        };
        return new Listener(Listen(Libc.AF_VSOCK, MemoryMarshal.AsBytes(new ReadOnlySpan<Libc.VsockAddress>(ref vsock)), address));
    }

    /// <summary>Takes the next connection.</summary>
    /// <returns>Null when there is none, it went away again, or it is not the host's.</returns>
    internal SocketChannel? Accept()
    {
        uint length = (uint)Marshal.SizeOf<Libc.VsockAddress>();
        SafeFileHandle connection = Libc.Accept(_socket, out Libc.VsockAddress peer, ref length, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
        if (!connection.IsInvalid && !IsHost(peer))
        {
            connection.Dispose();
            return null;
        }

        return connection.IsInvalid ? null : new SocketChannel(connection);
    }

    /// <summary>
    /// Any user of this guest can connect to a vsock, and a guest of this guest can: only the host is served. One who has the agent listen
    /// on the loopback's context id means those who are there. A unix socket is guarded by its mode.
    /// </summary>
    private bool IsHost(in Libc.VsockAddress peer)
    {
        if (peer.Family != Libc.AF_VSOCK || peer.ContextId == Libc.VMADDR_CID_HOST)
        {
            return true;
        }

        uint length = (uint)Marshal.SizeOf<Libc.VsockAddress>();
        return peer.ContextId == Libc.VMADDR_CID_LOCAL
            && Libc.GetSocketName(_socket, out Libc.VsockAddress own, ref length) == 0
            && own.ContextId == Libc.VMADDR_CID_LOCAL;
    }

    /// <summary>Stops listening, and removes the socket's file when it is still ours.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        if (_path is not null
            && Libc.Stat(Libc.AT_FDCWD, _path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_INO, out Libc.StatX there) == 0
            && there.Inode == _inode)
        {
            Libc.Unlink(_path);
        }
    }

    /// <summary>Whether a living process has the socket at an address. It sees a connection that ends at once.</summary>
    private static bool IsAnswered(ReadOnlySpan<byte> address)
    {
        using SafeFileHandle probe = Libc.Socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);

        // EAGAIN: so many wait there that no more may. Source: connect(2).
        return !probe.IsInvalid && (Libc.Connect(probe, address, (uint)address.Length) == 0 || Errno.Last == Errno.EAGAIN);
    }

    private static uint ParseNumber(string what, string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw new ChannelException($"Failed to parse {what} '{text}'");

    private static SafeFileHandle Listen(int family, ReadOnlySpan<byte> address, string name)
    {
        SafeFileHandle socket = Libc.Socket(family, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (socket.IsInvalid)
        {
            throw new ChannelException($"Failed to create socket: {Errno.Text(Errno.Last)}");
        }

        if (family == Libc.AF_UNIX)
        {
            // Before it has a name: the file is made with it, and nobody gets in between. Source: unix(7), inode of bind(2).
            _ = Libc.ChangeMode(socket, Libc.OwnerOnly);
        }

        if (Libc.Bind(socket, address, (uint)address.Length) < 0)
        {
            string why = Errno.Text(Errno.Last);
            socket.Dispose();
            throw new ChannelException($"Failed to bind socket to {name}: {why}");
        }

        if (Libc.Listen(socket, Backlog) < 0)
        {
            string why = Errno.Text(Errno.Last);
            socket.Dispose();
            throw new ChannelException($"Failed to listen on {name}: {why}");
        }

        return socket;
    }
}
