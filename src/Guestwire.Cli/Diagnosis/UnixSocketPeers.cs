using System.Runtime.InteropServices;
using Guestwire.Client.Interop;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Cli.Diagnosis;

/// <summary>
/// Which UNIX sockets are connected with which, as the kernel's socket diagnosis tells over netlink. Source: sock_diag(7).
/// </summary>
/// <remarks>
/// <para>Request: <c>nlmsghdr</c> (length, type, flags, number, sender; 16 bytes) and <c>unix_diag_req</c> (family, protocol, 2 bytes of padding,
/// states, inode, what to show, two words of cookie; 24 bytes).</para>
/// <para>Reply: messages of a <c>nlmsghdr</c>, a <c>unix_diag_msg</c> (family, type, state, padding, inode, cookie; 16 bytes) and attributes, each of length,
/// type, content, aligned to 4 bytes, up to a message of the type NLMSG_DONE.</para>
/// </remarks>
internal static class UnixSocketPeers
{
    // Source: linux/netlink.h, linux/sock_diag.h, linux/unix_diag.h, asm/socket.h.
    private const int FamilyNetlink = 16;
    private const int FamilyUnix = 1;
    private const int SocketRaw = 3;
    private const int ProtocolSocketDiagnosis = 4;
    private const ushort MessageError = 2;
    private const ushort MessageDone = 3;
    private const ushort SocketDiagnosisByFamily = 20;
    private const ushort FlagsRequestDump = 0x301;
    private const uint ShowPeer = 4;
    private const ushort AttributePeer = 2;
    private const int HeaderBytes = 16;
    private const int RequestBytes = 24;
    private const int AnswerBytes = 16;

    /// <summary>The other end of each socket, by inode; empty where the kernel does not tell.</summary>
    internal static Dictionary<ulong, ulong> Read()
    {
        Dictionary<ulong, ulong> peers = [];
        using SafeFileHandle socket = Libc.Socket(FamilyNetlink, SocketRaw | Libc.SOCK_CLOEXEC, ProtocolSocketDiagnosis);
        byte[] request = Request();
        if (socket.IsInvalid || Libc.Write(socket, request, (nuint)request.Length) != request.Length)
        {
            return peers;
        }

        // A kernel without this diagnosis answers with an error. Then who is at the other end stays unknown.
        byte[] buffer = new byte[64 * 1024];
        nint count;
        do
        {
            count = Libc.Read(socket, buffer, (nuint)buffer.Length);
        }
        while (count > 0 && Take(buffer.AsSpan(0, (int)count), peers));
        return peers;
    }

    /// <summary>Takes the messages of one reply.</summary>
    /// <returns>Whether more follow.</returns>
    internal static bool Take(ReadOnlySpan<byte> reply, Dictionary<ulong, ulong> peers)
    {
        while (reply.Length >= HeaderBytes)
        {
            int length = (int)MemoryMarshal.Read<uint>(reply);
            ushort type = MemoryMarshal.Read<ushort>(reply[4..]);
            if (type is MessageDone or MessageError || length < HeaderBytes || length > reply.Length)
            {
                return false;
            }

            if (type == SocketDiagnosisByFamily && length >= HeaderBytes + AnswerBytes)
            {
                TakeSocket(reply[HeaderBytes..length], peers);
            }

            reply = reply[Math.Min(Aligned(length), reply.Length)..];
        }

        return true;
    }

    private static void TakeSocket(ReadOnlySpan<byte> socket, Dictionary<ulong, ulong> peers)
    {
        uint inode = MemoryMarshal.Read<uint>(socket[4..]);
        ReadOnlySpan<byte> attributes = socket[AnswerBytes..];
        while (attributes.Length >= 4)
        {
            int length = MemoryMarshal.Read<ushort>(attributes);
            if (length < 4 || length > attributes.Length)
            {
                return;
            }

            if (MemoryMarshal.Read<ushort>(attributes[2..]) == AttributePeer && length >= 8)
            {
                peers[inode] = MemoryMarshal.Read<uint>(attributes[4..]);
            }

            attributes = attributes[Math.Min(Aligned(length), attributes.Length)..];
        }
    }

    private static byte[] Request()
    {
        byte[] request = new byte[HeaderBytes + RequestBytes];
        Span<byte> header = request;
        MemoryMarshal.Write(header, (uint)request.Length);
        MemoryMarshal.Write(header[4..], SocketDiagnosisByFamily);
        MemoryMarshal.Write(header[6..], FlagsRequestDump);
        Span<byte> question = header[HeaderBytes..];
        question[0] = FamilyUnix;
        MemoryMarshal.Write(question[4..], uint.MaxValue);
        MemoryMarshal.Write(question[12..], ShowPeer);
        return request;
    }

    private static int Aligned(int length) => (length + 3) & ~3;
}
