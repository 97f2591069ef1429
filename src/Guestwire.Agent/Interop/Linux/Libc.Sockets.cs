using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>Listening sockets: unix(7) and vsock(7).</summary>
internal static partial class Libc
{
    // Source: bits/socket.h, linux/vm_sockets.h.
    internal const int AF_UNIX = 1;
    internal const int AF_VSOCK = 40;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_NONBLOCK = O_NONBLOCK;
    internal const int SOCK_CLOEXEC = O_CLOEXEC;

    // Context ids. Source: linux/vm_sockets.h.
    internal const uint VMADDR_CID_LOCAL = 1;
    internal const uint VMADDR_CID_HOST = 2;

    /// <summary>Bytes of a unix socket's path; a path that fills them all has no final zero. Source: linux/un.h.</summary>
    internal const int UnixPathBytes = 108;

    /// <summary><c>struct sockaddr_vm</c>. Source: linux/vm_sockets.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct VsockAddress
    {
        internal ushort Family;
        internal ushort Reserved;
        internal uint Port;
        internal uint ContextId;
        internal uint Zero;
    }

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    internal static partial SafeFileHandle Socket(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    internal static partial int Bind(SafeFileHandle socket, ReadOnlySpan<byte> address, uint length);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(SafeFileHandle socket, ReadOnlySpan<byte> address, uint length);

    [LibraryImport(Library, EntryPoint = "listen", SetLastError = true)]
    internal static partial int Listen(SafeFileHandle socket, int backlog);

    /// <param name="socket">A listening socket.</param>
    /// <param name="peer">Who connected, as far as it fits; the family at least.</param>
    /// <param name="length">The size of <paramref name="peer"/>.</param>
    /// <param name="flags">SOCK_NONBLOCK, SOCK_CLOEXEC.</param>
    [LibraryImport(Library, EntryPoint = "accept4", SetLastError = true)]
    internal static partial SafeFileHandle Accept(SafeFileHandle socket, out VsockAddress peer, ref uint length, int flags);

    [LibraryImport(Library, EntryPoint = "getsockname", SetLastError = true)]
    internal static partial int GetSocketName(SafeFileHandle socket, out VsockAddress address, ref uint length);

    [LibraryImport(Library, EntryPoint = "unlink", SetLastError = true)]
    internal static partial int Unlink([System.Runtime.InteropServices.Marshalling.MarshalUsing(typeof(PathMarshaller))] string path);
}
